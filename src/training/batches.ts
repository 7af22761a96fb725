// One pass over the training rows or entities, as batches of tiles, in an order fixed by the seed.
import type { FeatureSource } from '../engine/features/feature-source.js';
import { InternalError } from '../errors.js';
import type { Model } from '../models/contract/definition.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import { randomStream } from '../random.js';
import type { Batch, EpochOptions } from './batch.js';
import { rowBatches } from './row-batches.js';
import { taskBatches } from './task-batches.js';

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
    if (model.learns.by === 'counts')
      throw new InternalError(`model "${model.name}" learns by counts, which are made in no batches`);
    yield* model.learns.by === 'rows'
      ? rowBatches(model, model.learns.batchRows, shard, source, options, stream)
      : taskBatches(model, model.learns, shard, source, options, stream);
  }
}
