// A shard's rows as batches, for models that do not learn by episodes.
import { type FeatureSource, valuesOf } from '../engine/features/feature-source.js';
import { cutRows, piecesOf } from '../engine/tiles/cut-rows.js';
import { rowGroups } from '../engine/tiles/row-groups.js';
import type { Tile } from '../engine/tiles/tile.js';
import type { Model } from '../models/contract/definition.js';
import type { EventShard } from '../prepared/dataset.js';
import type { RandomStream } from '../random.js';
import { shardRows } from '../scoring/learning-rows.js';
import { type Batch, dropoutState, type EpochOptions } from './batch.js';

export function* rowBatches(
  model: Model,
  batchRows: number,
  shard: EventShard,
  source: FeatureSource,
  options: EpochOptions,
  stream: RandomStream,
): Generator<Batch> {
  // Statistics of a batch are those of a tile: with fewer rows they would be other ones.
  const whole = model.parameters.some(({ running }) => running !== undefined);
  const rows = stream.shuffle(shardRows(shard, options.learn));
  for (let start = 0; start < rows.length; start += batchRows) {
    const batch = rows.subarray(start, Math.min(rows.length, start + batchRows));
    const tiles: Tile[] = [];
    for (let from = 0; from < batch.length; from += options.tileRows) {
      const part = batch.slice(from, from + options.tileRows);
      const shape = [part.length, 1];
      const block: Tile = {
        groups: rowGroups(
          'rows',
          model,
          part,
          [part.length],
          shard,
          source,
          () => stream.uniform() < model.unknownShare,
        ),
        tensors: {
          label: { data: valuesOf(shard.label, part, 0), shape },
          weight: { data: new Float32Array(part.length).fill(1 / batch.length), shape },
        },
        ...dropoutState(model, stream, [part.length]),
      };
      tiles.push(...cutRows(block, part.length, whole ? 1 : piecesOf(part.length, batch.length)));
    }
    yield { tiles, units: batch.length };
  }
}
