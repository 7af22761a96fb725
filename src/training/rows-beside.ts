// Batches of single rows beside episodes, for a part of a model that learns by rows: each tile carries some of them.
import type { FeatureSource } from '../engine/features/feature-source.js';
import { type HideId, rowGroups } from '../engine/tiles/row-groups.js';
import type { Tile } from '../engine/tiles/tile.js';
import type { Model } from '../models/contract/definition.js';
import type { EventShard } from '../prepared/dataset.js';

interface RowChunk {
  /** Rows of the shard. */
  readonly rows: Int32Array;
  /** Of each of them in the loss of the batch. */
  readonly weight: number;
}

/** A batch of at least one row cut evenly into so many chunks, none of them empty: where rows are fewer than chunks, they repeat. */
export function evenChunks(batch: Int32Array, chunks: number): readonly RowChunk[] {
  const placed = Math.max(batch.length, chunks);
  const cut = (n: number): number => Math.floor((n * placed) / chunks);
  return Array.from({ length: chunks }, (_, n) => ({
    rows: Int32Array.from({ length: cut(n + 1) - cut(n) }, (_row, i) => batch[(cut(n) + i) % batch.length]!),
    weight: 1 / placed,
  }));
}

/** The tile with the inputs `rows.*` of the model's part that learns by rows. */
export function withRows(
  tile: Tile,
  model: Model,
  rows: Int32Array,
  weight: number,
  shard: EventShard,
  source: FeatureSource,
  hideId: HideId,
): Tile {
  const shape = [rows.length, 1];
  return {
    groups: [
      ...tile.groups,
      ...rowGroups('rows', model, rows, [rows.length], shard, source, hideId, model.byRows?.groups),
    ],
    tensors: {
      ...tile.tensors,
      'rows.label': { data: Float32Array.from(rows, (row) => shard.label[row]!), shape },
      'rows.weight': { data: new Float32Array(rows.length).fill(weight), shape },
    },
  };
}
