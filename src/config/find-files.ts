// From what the user typed to a file: recipes and data set descriptors, by path or by name.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UserError } from '../errors.js';
import { nearestName } from '../nearest-name.js';
import { packageRoot } from '../package-root.js';

export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  /** As short as it can be shown: relative to the working directory where it lies in it. */
  readonly shownAs: string;
}

/**
 * A recipe: the path of its file, of the folder that holds `experiment.yaml`, or the name of an experiment in
 * `experiments/` here or in the package. Paths are tried from `from` first. Throws RECIPE_MISSING.
 */
export function findRecipe(reference: string, cwd: string, from: string = cwd): FoundFile {
  const places = [
    ...[from, cwd].flatMap((folder) => [
      resolve(folder, reference),
      resolve(folder, reference, 'experiment.yaml'),
    ]),
    ...(isName(reference)
      ? roots(cwd).map((root) => join(root, 'experiments', reference, 'experiment.yaml'))
      : []),
  ];
  const path = places.find(isFile);
  if (path !== undefined) return { path, shownAs: shorten(path, cwd) };
  throw missing(
    'RECIPE_MISSING',
    reference,
    'recipe',
    knownRecipes(cwd),
    'Name a YAML file, a folder with experiment.yaml, or one of',
  );
}

/** Names of the experiments in `experiments/` here and in the package. */
export function knownRecipes(cwd: string): readonly string[] {
  return names(cwd, (root) =>
    list(join(root, 'experiments')).filter((name) =>
      isFile(join(root, 'experiments', name, 'experiment.yaml')),
    ),
  );
}

/** The name of an experiment here or in the package, where there is one of that name. */
export function knownRecipe(name: string, cwd: string): string | undefined {
  return roots(cwd).some((root) => isFile(join(root, 'experiments', name, 'experiment.yaml')))
    ? name
    : undefined;
}

/**
 * A data set descriptor: a path (tried from `from`, then from the working directory), or a name in `datasets/` here or in the
 * package. Throws DATASET_MISSING.
 */
export function findDescriptor(reference: string, cwd: string, from: string = cwd): FoundFile {
  const places = isName(reference)
    ? roots(cwd).map((root) => join(root, 'datasets', `${reference}.yaml`))
    : [resolve(from, reference), resolve(cwd, reference)];
  const path = places.find(isFile);
  if (path !== undefined) return { path, shownAs: shorten(path, cwd) };
  throw missing(
    'DATASET_MISSING',
    reference,
    'data set',
    knownDatasets(cwd),
    'Name a descriptor file (limaml init writes one), the folder of a prepared data set, or one of',
  );
}

/**
 * The folder of a prepared data set, one with a manifest.json: a path, tried like that of a descriptor. A name is that of a descriptor
 * first. Undefined where there is none.
 */
export function findPrepared(reference: string, cwd: string, from: string = cwd): FoundFile | undefined {
  if (isName(reference) && knownDatasets(cwd).includes(reference)) return undefined;
  const path = [resolve(from, reference), resolve(cwd, reference)].find((folder) =>
    isFile(join(folder, 'manifest.json')),
  );
  return path === undefined ? undefined : { path, shownAs: shorten(path, cwd) };
}

/** Names of the descriptors in `datasets/` here and in the package. */
export function knownDatasets(cwd: string): readonly string[] {
  return names(cwd, (root) =>
    list(join(root, 'datasets'))
      .filter((file) => file.endsWith('.yaml'))
      .map((file) => file.slice(0, -'.yaml'.length)),
  );
}

/** `path` relative to `cwd` where it lies in it, else unchanged. */
export function shorten(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short === '' ? '.' : short.startsWith('..') || isAbsolute(short) ? path : short;
}

/** Whether `path` lies in `folder`. */
function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Where the runs of a recipe are kept: beside it, or in `experiments/<name>/` here when the recipe is the package's own. */
export function runsFolder(recipePath: string, name: string, cwd: string): string {
  const shipped = isInside(recipePath, packageRoot()) && !isInside(join(cwd, 'x'), packageRoot());
  return shipped ? join(cwd, 'experiments', name, 'runs') : join(dirname(recipePath), 'runs');
}

function missing(
  code: string,
  reference: string,
  noun: string,
  known: readonly string[],
  next: string,
): UserError {
  const close = nearestName(reference, known);
  return new UserError({
    code,
    where: reference,
    what: `There is no such ${noun}.${close === undefined ? '' : ` Closest: "${close}".`}`,
    next: `${next}: ${known.join(', ') || 'none found'}.`,
  });
}

function roots(cwd: string): readonly string[] {
  return [...new Set([cwd, packageRoot()])];
}

function names(cwd: string, of: (root: string) => readonly string[]): readonly string[] {
  return [...new Set(roots(cwd).flatMap(of))].sort();
}

function list(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function isName(reference: string): boolean {
  return /^[\w.-]+$/.test(reference) && !/\.ya?ml$/.test(reference) && !/^\.+$/.test(reference);
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
