// The entities that the curves are drawn from: all that have scored rows, or a seeded sample where they are many. Held in
// memory, because every point of every curve scores them again.
import { InternalError } from '../../errors.js';
import type { EventShard, PreparedDataset } from '../../prepared/dataset.js';
import type { RandomStream } from '../../random.js';
import { takeEntities } from './take-entities.js';

interface EntitySample {
  /** The data set cut down to the sampled entities, with their whole histories. */
  readonly dataset: PreparedDataset;
  readonly entities: number;
  /** Scored rows. */
  readonly rows: number;
  /** What there is in all; null where nothing was left out. */
  readonly sampledFrom: { readonly rows: number; readonly entities: number } | null;
}

interface Candidate {
  readonly shard: number;
  readonly place: number;
  readonly scored: number;
  readonly total: number;
}

/**
 * Draws entities that have rows with split code `target` until `entities` of them or `rows` of all their rows are
 * reached; at least one.
 */
export async function sampleEntities(
  dataset: PreparedDataset,
  target: number,
  most: { readonly entities: number; readonly rows: number },
  stream: RandomStream,
): Promise<EntitySample> {
  const candidates: Candidate[] = [];
  for (let index = 0; index < dataset.shardCount; index++)
    candidates.push(...candidatesOf(await dataset.shard(index), index, target));
  const order = stream.shuffle(Int32Array.from(candidates, (_, i) => i));
  const chosen: Candidate[] = [];
  let rows = 0;
  for (const i of order) {
    const candidate = candidates[i]!;
    rows += candidate.total;
    if (chosen.length > 0 && (chosen.length >= most.entities || rows > most.rows)) break;
    chosen.push(candidate);
  }
  const shards: EventShard[] = [];
  for (let index = 0; index < dataset.shardCount; index++) {
    const places = chosen.filter(({ shard }) => shard === index).map(({ place }) => place);
    if (places.length > 0)
      shards.push(
        takeEntities(
          await dataset.shard(index),
          places.sort((a, b) => a - b),
        ),
      );
  }
  const scored = (of: readonly Candidate[]): number => of.reduce((sum, { scored }) => sum + scored, 0);
  return {
    dataset: withShards(dataset, shards),
    entities: chosen.length,
    rows: scored(chosen),
    sampledFrom:
      chosen.length === candidates.length ? null : { rows: scored(candidates), entities: candidates.length },
  };
}

function candidatesOf(shard: EventShard, index: number, target: number): Candidate[] {
  const found: Candidate[] = [];
  for (let place = 0; place < shard.entities.length; place++) {
    let scored = 0;
    for (let row = shard.offsets[place]!; row < shard.offsets[place + 1]!; row++)
      if (shard.split[row] === target) scored++;
    const total = shard.offsets[place + 1]! - shard.offsets[place]!;
    if (scored > 0) found.push({ shard: index, place, scored, total });
  }
  return found;
}

const notExported = (): Promise<never> =>
  Promise.reject(new InternalError('a sample of entities is not exported'));

/** The same data set with other shards; its manifest and tables are those of the whole. */
function withShards(dataset: PreparedDataset, shards: readonly EventShard[]): PreparedDataset {
  return {
    path: dataset.path,
    hash: dataset.hash,
    manifest: dataset.manifest,
    shardCount: shards.length,
    shard: async (index) => shards[index]!,
    entityFeatures: () => dataset.entityFeatures(),
    itemFeatures: () => dataset.itemFeatures(),
    entityCounts: () => dataset.entityCounts(),
    itemCounts: () => dataset.itemCounts(),
    raw: notExported,
    rawEntities: notExported,
    vocabulary: (column) => dataset.vocabulary(column),
  };
}
