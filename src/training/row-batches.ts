// A shard's rows as batches, for models that do not learn by episodes.
import { type FeatureSource, valuesOf } from '../engine/features/feature-source.js';
import { cutRows, piecesOf, sliceRows } from '../engine/tiles/cut-rows.js';
import { rowGroupPieces } from '../engine/tiles/row-groups.js';
import type { Tile } from '../engine/tiles/tile.js';
import type { Model } from '../models/contract/definition.js';
import { type Pieces, Piecewise } from '../piecewise.js';
import type { EventShard } from '../prepared/dataset.js';
import type { RandomStream } from '../random.js';
import { shardRows } from '../scoring/learning-rows.js';
import { type Batch, dropoutState, type EpochOptions } from './batch.js';

/**
 * So many rows, or a batch, are looked up at once, column after column. A batch of 1,024 alone finds hardly two rows of a column in one
 * cache line, and looking it up takes five times as long a row. The first stretch is short, since all wait for it; then they grow.
 */
const STRETCH_ROWS = { first: 8192, most: 131_072, growth: 4 };

/** A block of a batch, rows `from` to `to` of a stretch. */
interface Block {
  readonly from: number;
  readonly to: number;
  readonly dropout: Pick<Tile, 'dropout' | 'masks'>;
}

/** Batches that were looked up together. */
interface Stretch {
  readonly batches: readonly (readonly Block[])[];
  /** All of their rows. */
  readonly looked: Tile;
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
  // Statistics of a batch are those of a tile: with fewer rows they would be other ones.
  const whole = model.parameters.some(({ running }) => running !== undefined);
  const lookedUp = (from: number, to: number): Piecewise<Stretch> =>
    new Piecewise(lookUp(model, batchRows, rows.subarray(from, to), shard, source, options, stream));
  const pieces = 3 + model.rowGroups.reduce((count, { fields }) => count + fields.length, 0);
  let length = wholeBatches(STRETCH_ROWS.first, batchRows);
  let end = Math.min(length, rows.length);
  let stretch: Piecewise<Stretch> | undefined = lookedUp(0, end);
  while (stretch !== undefined) {
    const { batches, looked } = stretch.finish();
    const from = end;
    length = Math.min(STRETCH_ROWS.growth * length, wholeBatches(STRETCH_ROWS.most, batchRows));
    end = Math.min(rows.length, from + length);
    stretch = from < end ? lookedUp(from, end) : undefined;
    let done = 0;
    for (const [b, blocks] of batches.entries()) {
      const units = blocks.at(-1)!.to - blocks[0]!.from;
      yield { tiles: blocks.flatMap((block) => tilesOf(looked, block, units, whole)), units };
      // Between batches, while workers are at them: all at once they would wait for it.
      for (; done < (pieces * (b + 1)) / batches.length; done++) stretch?.advance();
    }
  }
}

const wholeBatches = (rows: number, batchRows: number): number =>
  batchRows * Math.max(1, Math.floor(rows / batchRows));

function* lookUp(
  model: Model,
  batchRows: number,
  rows: Int32Array,
  shard: EventShard,
  source: FeatureSource,
  { tileRows }: EpochOptions,
  stream: RandomStream,
): Pieces<Stretch> {
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
  yield;
  let asked = 0;
  const hideNext = (): boolean => hidden[asked++] === 1;
  const { rowGroups } = model;
  const groups = yield* rowGroupPieces('rows', rowGroups, rows, [rows.length], shard, source, hideNext);
  const label = { data: valuesOf(shard.label, rows, 0), shape: [rows.length, 1] };
  return { batches, looked: { groups, tensors: { label } } };
}

/** The tiles of a block of a batch of so many rows. */
function tilesOf(looked: Tile, { from, to, dropout }: Block, batch: number, whole: boolean): readonly Tile[] {
  const rows = to - from;
  const { groups, tensors } = sliceRows(looked, from, to);
  const weight = { data: new Float32Array(rows).fill(1 / batch), shape: [rows, 1] };
  const block: Tile = { groups, tensors: { ...tensors, weight }, ...dropout };
  return cutRows(block, rows, whole ? 1 : piecesOf(rows, batch, dropout.dropout !== undefined));
}
