// Names that a source file exports and no other file imports.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

interface SourceText {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Every TypeScript file below the folders. */
export function sourceTexts(root: string, folders: readonly string[]): readonly SourceText[] {
  return folders.flatMap((folder) =>
    (readdirSync(join(root, folder), { recursive: true }) as string[])
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
      .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })),
  );
}

const DECLARED =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:const|let|function\*?|class|interface|type|enum) (\w+)/gm;
const LISTED = /^export (?:type )?\{([^}]*)\}/gm;
const IMPORTED =
  /^(?:import|export)\s+(?:type\s+)?(?:\w+,?\s*)?(?:\{([^}]*)\}|\*\s+as\s+\w+|\*)?\s*from\s+'(\.[^']+)'/gms;

/**
 * `path: name` of every exported name of `files` that is not needed outside its file: no program imports it, and no test does that
 * looks into the working of the file itself. Types count.
 */
export function unusedExports(
  files: readonly SourceText[],
  programs: readonly SourceText[],
  tests: readonly SourceText[],
): readonly string[] {
  const byPrograms = importsOf(programs);
  const byTests = importsOf(tests);
  return files.flatMap(({ path, text }) => {
    const declared = [...text.matchAll(DECLARED)].map(([, name]) => name!);
    const listed = [...text.matchAll(LISTED)].flatMap(([, names]) => namesOf(names!, 'exported'));
    return [...declared, ...listed]
      .filter((name) => {
        if (byPrograms(path, name)) return false;
        const needed = (text.match(new RegExp(`\\b${name}\\b`, 'g')) ?? []).length > 1;
        return !needed || !byTests(path, name);
      })
      .map((name) => `${path}: ${name}`);
  });
}

/** Whether any of the users imports a name of a file. */
function importsOf(users: readonly SourceText[]): (path: string, name: string) => boolean {
  const used = new Map<string, Set<string>>();
  const use = (user: string, from: string, names: readonly string[]): void => {
    const path = relative('/', resolve('/', dirname(user), from.replace(/\.js$/, '.ts'))).replaceAll(
      '\\',
      '/',
    );
    const known = used.get(path) ?? new Set<string>();
    for (const name of names) known.add(name);
    used.set(path, known);
  };
  for (const { path, text } of users) {
    for (const [whole, names, from] of text.matchAll(IMPORTED))
      use(path, from!, names === undefined ? (whole.includes('*') ? ['*'] : []) : namesOf(names, 'imported'));
    // Lazy imports: what is taken of the file stands somewhere in the text.
    for (const [, from] of text.matchAll(/import\(\s*'(\.[^']+)'\s*\)/g))
      use(path, from!, text.match(/\w+/g) ?? []);
  }
  return (path, name) => {
    const names = used.get(path);
    return names !== undefined && (names.has(name) || names.has('*'));
  };
}

/** The names of `{ a, type b as c }`: before `as` where they are imported, after it where they are exported. */
function namesOf(list: string, side: 'imported' | 'exported'): readonly string[] {
  return list
    .split(',')
    .map((part) => part.trim().replace(/^type\s+/, ''))
    .filter((part) => part !== '')
    .map((part) => part.split(/\s+as\s+/).at(side === 'imported' ? 0 : -1)!);
}
