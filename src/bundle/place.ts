// Where a bundle may be put: nowhere that something else than a bundle would be replaced, and by one process at a time.
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { inTurn } from '../claim.js';
import { UserError } from '../errors.js';
import { BUNDLE_FILES, BUNDLE_FORMAT } from './format/files.js';

/** Throws OUT_NOT_BUNDLE where something else than a bundle, of whatever version, would be replaced. */
export async function requireBundlePlace(path: string): Promise<void> {
  const content = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    if (error.code === 'ENOTDIR') return ['a file'];
    throw error;
  });
  if (content.length === 0 || (await isBundle(path))) return;
  throw new UserError({
    code: 'OUT_NOT_BUNDLE',
    where: path,
    what: 'Something that is no serving bundle is there, and would be replaced.',
    next: 'Name another folder with --out.',
  });
}

async function isBundle(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, BUNDLE_FILES.manifest), 'utf8').catch(() => '{}');
  try {
    const manifest = JSON.parse(text) as { readonly format?: unknown } | null;
    return manifest?.format === BUNDLE_FORMAT.name;
  } catch {
    return false; // no JSON, so no manifest of ours
  }
}

/** How long a writer waits for another that writes the same bundle. */
const PATIENCE_MS = 600_000;

/** Does `work` while no other process writes the bundle `path`: what it read there is still so when it writes. Throws BUSY. */
export function asOnlyWriter<T>(path: string, work: () => Promise<T>): Promise<T> {
  return inTurn(`${resolve(path)}.writing`, PATIENCE_MS, work);
}
