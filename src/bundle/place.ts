// Where a bundle may be put: nowhere that something else than a bundle would be replaced.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
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
