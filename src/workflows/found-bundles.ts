// The bundles of a project: folders in it, or in one of its experiments, whose manifest says so.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BUNDLE_FILES, BUNDLE_FORMAT } from '../bundle/format/files.js';
import { readManifest } from '../bundle/format/manifest.js';
import { UserError } from '../errors.js';
import { jsonFormat } from './json-format.js';

export interface FoundBundle {
  readonly path: string;
  /** Null where it cannot be read. */
  readonly run: string | null;
  readonly model: string | null;
  readonly hash: string | null;
  /** Why it cannot be read. */
  readonly fault: string | null;
}

export async function findBundles(cwd: string): Promise<readonly FoundBundle[]> {
  const experiments = foldersIn(join(cwd, 'experiments'));
  const folders = [cwd, ...experiments].flatMap(foldersIn).filter((path) => isBundle(path));
  return Promise.all(folders.sort().map(readFound));
}

/** Folders of the bundles of a run. */
export async function bundlesOf(run: string, cwd: string): Promise<readonly string[]> {
  return (await findBundles(cwd)).filter((bundle) => bundle.run === run).map(({ path }) => path);
}

/** Whether a folder's manifest is that of a bundle, of whatever version. */
export const isBundle = (path: string): boolean =>
  jsonFormat(join(path, BUNDLE_FILES.manifest)) === BUNDLE_FORMAT.name;

async function readFound(path: string): Promise<FoundBundle> {
  try {
    const { parents, model, hash } = await readManifest(path);
    return { path, run: parents.run, model: model.name, hash, fault: null };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { path, run: null, model: null, hash: null, fault: error.what };
  }
}

function foldersIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map(({ name }) => join(folder, name));
}
