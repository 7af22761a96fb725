// A recipe by copy: another's text under a new name, or a short one that extends it.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { UserError } from '../errors.js';
import { schemaLine } from '../schema-line.js';
import { findRecipe, shorten } from './find-files.js';
import { experimentName } from './recipe-schema.js';

export interface NewRecipe {
  readonly name: string;
  readonly path: string;
  /** The recipe that it was made of, as it can be named; null for a first one. */
  readonly from: string | null;
  readonly extends: boolean;
}

/**
 * Writes `experiments/<name>/experiment.yaml`. Throws RECIPE_EXISTS, RECIPE_MISSING, and RECIPE_NAME for a name that is none.
 * @param from name or file of a recipe, or the text of one that is like no other
 * @param extending writes `extends:` in place of a copy
 */
export async function newRecipe(
  name: string,
  {
    from,
    extending,
    dataset,
    cwd,
  }: {
    from: string | { readonly text: string };
    extending: boolean;
    dataset: string | undefined;
    cwd: string;
  },
): Promise<NewRecipe> {
  if (!experimentName.safeParse(name).success)
    throw new UserError({
      code: 'RECIPE_NAME',
      where: name,
      what: 'An experiment name is lower-case letters, digits, dots and dashes.',
      next: 'For example: limaml new my-experiment',
    });
  const source = typeof from === 'string' ? findRecipe(from, cwd) : undefined;
  const path = join(cwd, 'experiments', name, 'experiment.yaml');
  const text =
    typeof from !== 'string'
      ? from.text
      : extending
        ? shortText(name, from, dataset)
        : copiedText(await readFile(source!.path, 'utf8'), name, dataset);
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(path, `${schemaLine('recipe', path, cwd)}\n${text}`, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new UserError(
      {
        code: 'RECIPE_EXISTS',
        where: shorten(path, cwd),
        what: 'There is such a recipe; nothing is overwritten.',
        next: `Take another name, or change that file. See: limaml validate ${name}`,
      },
      { cause: error },
    );
  }
  return { name, path, from: source?.shownAs ?? null, extends: extending };
}

function shortText(name: string, from: string, dataset: string | undefined): string {
  const other = dataset === undefined ? [] : [`dataset: ${scalar(dataset)}`];
  return [`# limaml train ${name}`, `name: ${name}`, `extends: ${scalar(from)}`, ...other, ''].join('\n');
}

/** Comments stay where they were; what named the old experiment names the new one. */
function copiedText(text: string, name: string, dataset: string | undefined): string {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const before = lines.flatMap((line) => /^name:\s*([\w.-]+)/.exec(line)?.[1] ?? [])[0];
  const kept = lines
    .filter((line) => !/^# (yaml-language-server:|limaml train )/.test(line))
    .map((line) =>
      before !== undefined && line.startsWith('#')
        ? line.replace(/(limaml \w+ )([\w.-]+)/g, (whole, command: string, of: string) =>
            of === before ? command + name : whole,
          )
        : line,
    );
  const set = (key: string, value: string): void => {
    const at = kept.findIndex((line) => line.startsWith(`${key}:`));
    if (at >= 0) kept[at] = `${key}: ${value}`;
    else kept.unshift(`${key}: ${value}`);
  };
  set('name', name);
  if (dataset !== undefined) set('dataset', scalar(dataset));
  return [`# limaml train ${name}`, ...kept].join('\n');
}

/** Quoted where YAML would read something else. */
const scalar = (text: string): string =>
  parse(text) === text && /^[\w./@-]+$/.test(text) ? text : JSON.stringify(text);
