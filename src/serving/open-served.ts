// The bundle that rows are scored with: in a folder, or published in a store.
import { readManifest } from '../bundle/format/manifest.js';
import { type Bundle, openBundle } from '../bundle/open.js';
import { storeContent } from '../bundle/published/manage.js';
import { openPublished } from '../bundle/published/open-published.js';
import type { Reading } from '../bundle/store/store.js';
import { InternalError } from '../errors.js';

export interface ServedBundle {
  /** Folder of the bundle. With `from` only its hash counts: it says which of the published bundles is meant. */
  readonly folder?: string | undefined;
  /** Address of a store, and the folder that its paths are taken from. */
  readonly from?: string | undefined;
  readonly cwd?: string;
}

/** Throws what `openBundle` and `openPublished` throw. `threads`: within one graph run. */
export async function openServed(
  { folder, from, cwd = '.' }: ServedBundle,
  threads = 1,
  reading: Reading = 'any order',
): Promise<Bundle> {
  if (from !== undefined) {
    const hash = folder === undefined ? undefined : (await readManifest(folder)).hash;
    return openPublished({ from, cwd, hash, threads });
  }
  if (folder === undefined) throw new InternalError('neither a bundle nor a store');
  return openBundle(folder, threads, reading);
}

/** Hash of the bundle that a new reader would open. */
export async function servedHash({ folder, from, cwd = '.' }: ServedBundle): Promise<string> {
  if (folder !== undefined) return (await readManifest(folder)).hash;
  const { current } = await storeContent({ at: from!, cwd });
  return current!;
}
