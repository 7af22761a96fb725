// A recipe read with the ones that it extends: its own values over theirs, each remembered by the file it came from.
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { UserError } from '../errors.js';
import { type FoundFile, findRecipe } from './find-files.js';
import { isObject, valueAt, withValue } from './layers.js';
import { type Modernised, moveKeysOfFile } from './moved-keys.js';
import { type Path, readYaml, type YamlFile } from './read-yaml.js';

interface ExtendedRecipe {
  readonly file: YamlFile;
  /** Keys by their old names, of every file. */
  readonly found: Pick<Modernised, 'moved' | 'faults'>;
}

/**
 * Mappings are merged key by key, lists replaced whole; a section that names another model replaces the model whole. A name is never
 * inherited. Throws RECIPE_MISSING, CONFIG_SYNTAX, CONFIG_BAD_VALUE and CONFIG_EXTENDS_CIRCLE.
 */
export async function readRecipe(
  at: FoundFile,
  cwd: string,
  above: readonly FoundFile[] = [],
): Promise<ExtendedRecipe> {
  const chain = [...above, at];
  if (above.some(({ path }) => path === at.path)) throw circle(chain);
  const { file, found } = moveKeysOfFile(await readYaml(at.path, at.shownAs));
  const { extends: reference, ...own } = isObject(file.value) ? file.value : {};
  if (reference === undefined) return { file, found };
  const where = file.originOf(['extends']) ?? file.file;
  if (typeof reference !== 'string' || reference === '') throw notNamed(where);
  const from = findRecipe(reference, cwd, dirname(at.path));
  const base = await readRecipe(from, cwd, chain);
  const { name: _, ...theirs } = isObject(base.file.value) ? base.file.value : {};
  const inherited = rebased(theirs, dirname(from.path), dirname(at.path));
  const value = merged(inherited, own);
  return {
    file: {
      file: file.file,
      value,
      originOf: (path) => (valueAt(own, path) === undefined ? inheritedOrigin(path) : file.originOf(path)),
    },
    found: {
      moved: [...found.moved, ...base.found.moved],
      faults: [...found.faults, ...base.found.faults],
    },
  };

  function inheritedOrigin(path: Path): string | undefined {
    return valueAt(value, path) === undefined ? undefined : base.file.originOf(path);
  }
}

/** Another model has other options: of a section that names one, nothing is taken over. */
function merged(base: unknown, own: unknown): unknown {
  if (!isObject(base) || !isObject(own)) return own === undefined ? base : own;
  const another =
    typeof own['name'] === 'string' && base['name'] !== undefined && base['name'] !== own['name'];
  if (another || own['from'] !== undefined) return own;
  const keys = [...new Set([...Object.keys(base), ...Object.keys(own)])];
  return Object.fromEntries(keys.map((key) => [key, merged(base[key], own[key])]));
}

/** Paths that are relative to the recipe they stand in, made relative to the one that takes them over. */
function rebased(tree: unknown, from: string, to: string): unknown {
  const moved = (path: string): string => {
    const way = relative(to, resolve(from, path)).replaceAll('\\', '/');
    return way.startsWith('.') ? way : `./${way}`;
  };
  const dataset = valueAt(tree, ['dataset']);
  const isFile = typeof dataset === 'string' && !isAbsolute(dataset) && existsSync(resolve(from, dataset));
  const sections: readonly Path[] = [
    ['model'],
    ...Object.keys((valueAt(tree, ['baselines']) as object | undefined) ?? {}).map((name) => [
      'baselines',
      name,
    ]),
  ];
  let result = isFile ? withValue(tree, ['dataset'], moved(dataset)) : tree;
  for (const section of sections) {
    const file = valueAt(tree, [...section, 'from']);
    if (typeof file === 'string' && !isAbsolute(file))
      result = withValue(result, [...section, 'from'], moved(file));
  }
  return result;
}

function notNamed(where: string): UserError {
  return new UserError({
    code: 'CONFIG_BAD_VALUE',
    where: `${where} › extends`,
    what: 'The name of an experiment, or the file of a recipe, is expected.',
    next: 'For example: extends: kuairand-pure',
  });
}

function circle(chain: readonly FoundFile[]): UserError {
  return new UserError({
    code: 'CONFIG_EXTENDS_CIRCLE',
    where: chain[0]!.shownAs,
    what: `These recipes extend each other: ${chain.map(({ shownAs }) => shownAs).join(' → ')}.`,
    next: 'One of them must say all by itself.',
  });
}
