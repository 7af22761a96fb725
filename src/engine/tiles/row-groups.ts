// The row-level groups of a tile: a model's features for some rows of a shard.
import type { Model } from '../../models/contract/definition.js';
import type { FieldGroup } from '../../models/contract/fields.js';
import { allAtOnce, type Pieces } from '../../piecewise.js';
import type { EventShard } from '../../prepared/dataset.js';
import { collectPieces, type FeatureSource, type RowRefs } from '../features/feature-source.js';
import type { TileGroup } from './tile.js';

/** True for shard rows whose IDs are unknown in this batch. */
export type HideId = (row: number) => boolean;

/** References of shard rows; −1 stays −1. */
export function refsOf(rows: Int32Array, shard: EventShard): RowRefs {
  const entity = new Int32Array(rows.length);
  const item = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    entity[i] = row < 0 ? -1 : shard.entity[row]!;
    item[i] = row < 0 ? -1 : shard.item[row]!;
  }
  return { entity, item, event: rows };
}

/** Row-level groups of the model for some shard rows, as tile groups named `<prefix>.<group>`. */
export function rowGroups(
  prefix: string,
  model: Model,
  rows: Int32Array,
  leading: readonly number[],
  shard: EventShard,
  source: FeatureSource,
  hideId?: HideId,
  groups: readonly FieldGroup[] = model.rowGroups,
): TileGroup[] {
  return allAtOnce(rowGroupPieces(prefix, groups, rows, leading, shard, source, hideId));
}

/** The same of the given groups, a field at a time. */
export function* rowGroupPieces(
  prefix: string,
  groups: readonly FieldGroup[],
  rows: Int32Array,
  leading: readonly number[],
  shard: EventShard,
  source: FeatureSource,
  hideId: HideId | undefined,
): Pieces<TileGroup[]> {
  const refs = refsOf(rows, shard);
  const hidden = hideId && new Uint8Array(rows.length);
  if (hideId !== undefined)
    for (let i = 0; i < rows.length; i++) hidden![i] = rows[i]! >= 0 && hideId(rows[i]!) ? 1 : 0;
  yield;
  const found: TileGroup[] = [];
  for (const group of groups)
    found.push({
      input: `${prefix}.${group.name}`,
      group: group.name,
      leading,
      rows: yield* collectPieces(group, refs, source, shard, hidden),
    });
  return found;
}
