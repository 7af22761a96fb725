// The Parquet files of an unsealed folder: any names, any number, any depth.
import { readdir, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { UserError } from '../../errors.js';
import { SPLIT } from '../format.js';

export interface Part {
  readonly path: string;
  /** Code of the split that a folder above the file is named for (`test`, `split=test`); undefined where none is. */
  readonly split: number | undefined;
}

/**
 * Files of a table called `name`: `<name>.parquet`, or all below the folder `<name>`, in the order of their paths. Names that begin
 * with `_` or `.` are left out, as every reader does. Throws `UserError` SEAL_FILES where there are none, both, or others than Parquet.
 */
export async function findParts(folder: string, name: string): Promise<readonly Part[]> {
  const [single, several] = [join(folder, `${name}.parquet`), join(folder, name)];
  const [isSingle, isSeveral] = [await isThere(single), await isThere(several)];
  if (isSingle === undefined && isSeveral !== 'folder')
    throw missing(
      single,
      `There is neither a file ${basename(single)} nor a folder ${name} of Parquet files.`,
    );
  if (isSingle === 'file' && isSeveral === 'folder')
    throw missing(
      several,
      `There is a file ${basename(single)} beside it: which of the two is meant is not known.`,
    );
  // Spark writes a folder of that name, too.
  const root = isSingle === undefined ? several : single;
  if (isSingle === 'file') return [{ path: root, split: undefined }];
  const found = (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, steps: path.slice(root.length + 1).split(sep) }))
    .filter(({ steps }) => !steps.some((step) => step.startsWith('_') || step.startsWith('.')))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  if (found.length === 0) throw missing(root, 'There are no Parquet files in the folder.');
  const other = found.find(({ path }) => !path.endsWith('.parquet'));
  if (other !== undefined)
    throw missing(other.path, 'This is no Parquet file: its name does not end with .parquet.');
  return found.map(({ path, steps }) => ({ path, split: splitOf(steps.slice(0, -1)) }));
}

function splitOf(steps: readonly string[]): number | undefined {
  const named = steps.map((step) => SPLIT[step.replace(/^split=/, '') as keyof typeof SPLIT]);
  return named.findLast((code) => code !== undefined);
}

async function isThere(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

const missing = (where: string, what: string): UserError =>
  new UserError({
    code: 'SEAL_FILES',
    where,
    what,
    next: 'Put the Parquet files where docs/prepared-format.md, "Sealing", says.',
  });
