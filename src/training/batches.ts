// One pass over the training rows or entities, as batches of tiles, in an order fixed by the seed.

import type { FeatureSource } from '../engine/features/feature-source.js';
import { bucketTasks } from '../engine/tiles/bucket-tasks.js';
import { rowGroups } from '../engine/tiles/row-groups.js';
import { taskTile } from '../engine/tiles/task-tiles.js';
import type { Tile } from '../engine/tiles/tile.js';
import { InternalError } from '../errors.js';
import { type EpisodeOptions, entityPart, type Model } from '../models/definition.js';
import type { EventShard, PreparedDataset } from '../prepared/dataset.js';
import { type RandomStream, randomStream } from '../random.js';
import { entityRows, shardRows } from '../scoring/learning-rows.js';
import type { History, SupportStep } from '../scoring/support.js';
import { drawEpisode } from './episodes.js';

export interface Batch {
  readonly tiles: readonly Tile[];
  /** Tasks (or rows, of a model that learns by rows) in the batch. */
  readonly units: number;
}

export interface EpochOptions {
  readonly seed: number;
  /** `select` or `refit`: part of the random streams' names. */
  readonly phase: string;
  readonly epoch: number;
  readonly learn: readonly number[];
  readonly tileRows: number;
  /** What is done to a drawn support: nothing, or the placebo. */
  readonly placebo: readonly SupportStep[];
}

/** Batches of one epoch. Each shard is read once; only one is in memory at a time. */
export async function* epochBatches(
  model: Model,
  dataset: PreparedDataset,
  source: FeatureSource,
  options: EpochOptions,
): AsyncGenerator<Batch> {
  const name = [options.phase, `epoch ${options.epoch}`];
  const order = randomStream(options.seed, ...name, 'shards').shuffle(
    Int32Array.from({ length: dataset.shardCount }, (_, i) => i),
  );
  for (const index of order) {
    const shard = await dataset.shard(index);
    const stream = randomStream(options.seed, ...name, 'shard', index);
    yield* model.learns.by === 'rows'
      ? rowBatches(model, model.learns.batchRows, shard, source, options, stream)
      : taskBatches(model, model.learns, shard, source, options, stream);
  }
}

function* taskBatches(
  model: Model,
  sampling: EpisodeOptions,
  shard: EventShard,
  source: FeatureSource,
  options: EpochOptions,
  stream: RandomStream,
): Generator<Batch> {
  const meta = entityPart(model);
  if (meta === undefined)
    throw new InternalError(`model "${model.name}" learns by episodes and adapts nothing`);
  const draw = { ...sampling, maxSupport: meta.maxSupport, placebo: options.placebo };
  const histories: History[] = [];
  for (let place = 0; place < shard.entities.length; place++) {
    const rows = entityRows(shard, place, options.learn);
    if (rows.length > 0) histories.push({ entity: shard.entities[place]!, shard, rows });
  }
  const order = stream.shuffle(Int32Array.from({ length: histories.length }, (_, i) => i));
  const size = sampling.tasks;
  for (let start = 0; start < order.length; start += size) {
    const episodes = [...order.subarray(start, start + size)].map((i) =>
      drawEpisode(histories[i]!, draw, stream),
    );
    const queries = episodes.reduce((total, { query }) => total + query.length, 0);
    const tiles = bucketTasks(episodes, options.tileRows).map((places) => ({
      ...taskTile(
        model,
        meta,
        places.map((place) => episodes[place]!),
        shard,
        source,
        1 / queries,
        () => stream.uniform() < model.unknownShare,
      ),
      ...dropoutState(model, stream),
    }));
    yield { tiles, units: episodes.length };
  }
}

function* rowBatches(
  model: Model,
  batchRows: number,
  shard: EventShard,
  source: FeatureSource,
  options: EpochOptions,
  stream: RandomStream,
): Generator<Batch> {
  const rows = stream.shuffle(shardRows(shard, options.learn));
  for (let start = 0; start < rows.length; start += batchRows) {
    const batch = rows.subarray(start, Math.min(rows.length, start + batchRows));
    const tiles: Tile[] = [];
    for (let from = 0; from < batch.length; from += options.tileRows) {
      const part = batch.slice(from, from + options.tileRows);
      const shape = [part.length, 1];
      tiles.push({
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
          label: { data: Float32Array.from(part, (row) => shard.label[row]!), shape },
          weight: { data: new Float32Array(part.length).fill(1 / batch.length), shape },
        },
        ...dropoutState(model, stream),
      });
    }
    yield { tiles, units: batch.length };
  }
}

function dropoutState(model: Model, stream: RandomStream): Pick<Tile, 'dropout'> {
  const groups = [...model.taskGroups, ...model.rowGroups];
  if (groups.every((group) => group.dropout === 0)) return {};
  // A stream of its own, so that masks can be drawn in a worker.
  const word = (): number => stream.integer(4294967296) | 0;
  return { dropout: [word(), word(), word(), word()] };
}
