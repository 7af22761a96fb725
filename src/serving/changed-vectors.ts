// The vectors that a refresh changed, as a Parquet file of their own: what a store elsewhere has to take in.
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFileAtomic } from '../atomic-files.js';
import { BUNDLE_FILES } from '../bundle/format/files.js';
import { parquetStore } from '../bundle/store/parquet.js';
import type { StoreLayout, StoreWriter } from '../bundle/store/store.js';

/**
 * Does `work` with a writer for the vectors; the file `path`, with the columns of embeddings.parquet, appears when that is done, and not at all
 * when it throws. Without a path there is no writer.
 */
export async function withChangedVectors(
  path: string | undefined,
  layout: StoreLayout,
  work: (changed: Pick<StoreWriter, 'putVectors'> | undefined) => Promise<void>,
): Promise<void> {
  if (path === undefined) return work(undefined);
  await makeFileAtomic(path, async (temporary) => {
    const folder = await mkdtemp(join(dirname(temporary), '.limaml-changed-'));
    try {
      const writer = await parquetStore.create(folder, { ...layout, event: [], entity: [], item: [] });
      try {
        await work(writer);
        await writer.finish();
      } finally {
        await writer.close();
      }
      await rename(join(folder, BUNDLE_FILES.embeddings), temporary);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}
