// Vectors and support rows of several folders, which have no entity in common, in one: the files that one writer of all would write.
import { join } from 'node:path';
import { BUNDLE_FILES } from '../format/files.js';
import { embeddingColumns, figuresOf, memoryMbOf, supportColumns } from './parquet-writer.js';
import type { StoreFigures, StoreLayout } from './store.js';
import { openTableStore } from './table-store.js';

/** Writes embeddings.parquet and support.parquet of `parts` to `folder`, with the rows of `older` for whose entities no part has any. */
export async function joinParts(
  folder: string,
  layout: StoreLayout,
  parts: readonly string[],
  older?: string,
): Promise<StoreFigures> {
  const store = await openTableStore(folder, memoryMbOf(layout));
  try {
    await store.create('support', supportColumns(layout.event), ['entity', 'place']);
    await store.create('embeddings', embeddingColumns(layout), ['entity']);
    for (const table of ['support', 'embeddings'] as const)
      for (const part of parts) store.take(table, join(part, BUNDLE_FILES[table]));
    for (const table of ['support', 'embeddings'] as const) {
      const file = BUNDLE_FILES[table];
      const kept = older === undefined ? undefined : { path: join(older, file), without: 'embeddings' };
      await store.write(table, join(folder, file), kept);
    }
    return await figuresOf(folder);
  } finally {
    await store.close();
  }
}
