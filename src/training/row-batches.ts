// A shard's rows as batches, for models that do not learn by episodes.
import { type FeatureSource, valuesOf } from '../engine/features/feature-source.js';
import { cutRows, piecesOf, sliceRows } from '../engine/tiles/cut-rows.js';
import { rowGroups } from '../engine/tiles/row-groups.js';
import type { Tile } from '../engine/tiles/tile.js';
import type { Model } from '../models/contract/definition.js';
import type { EventShard } from '../prepared/dataset.js';
import type { RandomStream } from '../random.js';
import { shardRows } from '../scoring/learning-rows.js';
import { type Batch, dropoutState, type EpochOptions } from './batch.js';

/**
 * So many rows, or a batch, are looked up at once, column after column. A batch of 1,024 alone finds hardly two rows of a column in one
 * cache line, and looking it up takes five times as long a row.
 */
const STRETCH_ROWS = 131_072;

/** A block of a batch, rows `from` to `to` of a stretch. */
interface Block {
  readonly from: number;
  readonly to: number;
  readonly dropout: Pick<Tile, 'dropout' | 'masks'>;
}

export function* rowBatches(
  model: Model,
  batchRows: number,
  shard: EventShard,
  source: FeatureSource,
  options: EpochOptions,
  stream: RandomStream,
): Generator<Batch> {
  const rows = stream.shuffle(shardRows(shard, options.learn));
  const stretch = batchRows * Math.max(1, Math.floor(STRETCH_ROWS / batchRows));
  for (let start = 0; start < rows.length; start += stretch)
    yield* stretchBatches(
      model,
      batchRows,
      rows.subarray(start, start + stretch),
      shard,
      source,
      options,
      stream,
    );
}

function* stretchBatches(
  model: Model,
  batchRows: number,
  rows: Int32Array,
  shard: EventShard,
  source: FeatureSource,
  { tileRows }: EpochOptions,
  stream: RandomStream,
): Generator<Batch> {
  // Statistics of a batch are those of a tile: with fewer rows they would be other ones.
  const whole = model.parameters.some(({ running }) => running !== undefined);
  const hidden = new Uint8Array(rows.length);
  const batches: Block[][] = [];
  for (let start = 0; start < rows.length; start += batchRows) {
    const end = Math.min(rows.length, start + batchRows);
    const blocks: Block[] = [];
    for (let from = start; from < end; from += tileRows) {
      const to = Math.min(end, from + tileRows);
      for (let i = from; i < to; i++) hidden[i] = stream.uniform() < model.unknownShare ? 1 : 0;
      blocks.push({ from, to, dropout: dropoutState(model, stream, [to - from]) });
    }
    batches.push(blocks);
  }
  let asked = 0;
  const looked: Tile = {
    groups: rowGroups('rows', model, rows, [rows.length], shard, source, () => hidden[asked++] === 1),
    tensors: { label: { data: valuesOf(shard.label, rows, 0), shape: [rows.length, 1] } },
  };
  for (const blocks of batches) {
    const units = blocks.at(-1)!.to - blocks[0]!.from;
    yield { tiles: blocks.flatMap((block) => tilesOf(looked, block, units, whole)), units };
  }
}

/** The tiles of a block of a batch of so many rows. */
function tilesOf(looked: Tile, { from, to, dropout }: Block, batch: number, whole: boolean): readonly Tile[] {
  const rows = to - from;
  const { groups, tensors } = sliceRows(looked, from, to);
  const weight = { data: new Float32Array(rows).fill(1 / batch), shape: [rows, 1] };
  const block: Tile = { groups, tensors: { ...tensors, weight }, ...dropout };
  return cutRows(block, rows, whole ? 1 : piecesOf(rows, batch, dropout.dropout !== undefined));
}
