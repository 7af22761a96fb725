// Raw features of entities and items into a bundle's store.
import type { RawInput } from '../bundle/format/raw-input.js';
import type { StoreLayout, StoreWriter } from '../bundle/store/store.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import { type RawSource, rawColumn } from './raw-rows.js';

/** Rows that are put at once. */
const SIDE_ROWS = 50_000;

/** Puts the features of all entities and items, of a side whose features the model reads. */
export async function writeFeatures(
  writer: StoreWriter,
  layout: StoreLayout,
  { manifest }: PreparedDataset,
  raw: RawSource,
): Promise<void> {
  for (const side of ['entity', 'item'] as const) {
    const inputs: readonly Pick<RawInput, 'name' | 'side'>[] = [{ name: side, side }, ...layout[side]];
    if (layout[side].length === 0) continue;
    const total = side === 'entity' ? manifest.entities : manifest.items;
    for (let start = 1; start <= total; start += SIDE_ROWS) {
      const ids = Int32Array.from({ length: Math.min(SIDE_ROWS, total + 1 - start) }, (_, i) => start + i);
      const rows = await raw.ofEntities(
        ...(side === 'entity' ? ([start, start + ids.length] as const) : ([0, 1] as const)),
      );
      const refs = { entity: ids, item: ids, event: ids };
      const columns = inputs.map((input) => [input.name, rawColumn(input, refs, rows)] as const);
      await writer.putFeatures(side, { rows: ids.length, columns: new Map(columns) });
    }
  }
}
