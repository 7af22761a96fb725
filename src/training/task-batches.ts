// A shard's entities as batches of episodes.
import type { FeatureSource } from '../engine/features/feature-source.js';
import { bucketTasks } from '../engine/tiles/bucket-tasks.js';
import { taskTile } from '../engine/tiles/task-tiles.js';
import { InternalError } from '../errors.js';
import { type EpisodeOptions, type Model, supportUse } from '../models/contract/definition.js';
import type { EventShard } from '../prepared/dataset.js';
import type { RandomStream } from '../random.js';
import { entityRows, shardRows } from '../scoring/learning-rows.js';
import type { History } from '../scoring/support.js';
import { type Batch, dropoutState, type EpochOptions } from './batch.js';
import { drawEpisode } from './episodes.js';
import { evenChunks, withRows } from './rows-beside.js';

export function* taskBatches(
  model: Model,
  sampling: EpisodeOptions,
  shard: EventShard,
  source: FeatureSource,
  options: EpochOptions,
  stream: RandomStream,
): Generator<Batch> {
  const use = supportUse(model);
  const { supports, placebo } = options;
  if (use === undefined || supports === undefined)
    throw new InternalError(`model "${model.name}" learns by episodes and takes no support`);
  const draw = { ...sampling, maxSupport: use.maxSupport, placebo, supports };
  const histories: History[] = [];
  for (let place = 0; place < shard.entities.length; place++) {
    const rows = entityRows(shard, place, options.learn);
    if (rows.length > 0) histories.push({ entity: shard.entities[place]!, shard, rows });
  }
  const { byRows } = model;
  const alone = byRows === undefined ? undefined : stream.shuffle(shardRows(shard, options.learn));
  const order = stream.shuffle(Int32Array.from({ length: histories.length }, (_, i) => i));
  const size = sampling.tasks;
  for (let start = 0; start < order.length; start += size) {
    const episodes = [...order.subarray(start, start + size)].map((i) =>
      drawEpisode(histories[i]!, draw, stream),
    );
    const queries = episodes.reduce((total, { query }) => total + query.length, 0);
    const buckets = bucketTasks(episodes, options.tileRows);
    const part = (n: number): number =>
      Math.floor((n * (alone?.length ?? 0)) / Math.ceil(order.length / size));
    const chunks =
      alone && evenChunks(alone.subarray(part(start / size), part(start / size + 1)), buckets.length);
    const hideId = (): boolean => stream.uniform() < model.unknownShare;
    const tiles = buckets.map((places, t) => {
      const tile = taskTile(
        model,
        use,
        places.map((place) => episodes[place]!),
        shard,
        source,
        1 / queries,
        hideId,
      );
      if (chunks === undefined) {
        const leading = tile.tensors['label']!.shape.slice(0, -1);
        return { ...tile, ...dropoutState(model, stream, leading) };
      }
      const { rows, weight } = chunks[t]!;
      return {
        ...withRows(tile, model, rows, weight, shard, source, hideId),
        ...dropoutState(model, stream, [rows.length]),
      };
    });
    yield { tiles, units: episodes.length };
  }
}
