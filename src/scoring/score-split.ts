// Scores the rows of a split with a model's present numbers: adapt on each entity's support, then score its rows.

import type { FeatureSource } from '../engine/features/feature-source.js';
import { ADAPT, adaptAfter, SCORE } from '../engine/programs/program-key.js';
import type { TileRunner } from '../engine/runner/tile-runner.js';
import { bucketTasks } from '../engine/tiles/bucket-tasks.js';
import type { Episode } from '../engine/tiles/episode.js';
import { rowGroups } from '../engine/tiles/row-groups.js';
import { supportSide } from '../engine/tiles/task-tiles.js';
import type { Tile } from '../engine/tiles/tile.js';
import { CheckFailed } from '../errors.js';
import { entityPart, type Model } from '../models/definition.js';
import type { EventShard, PreparedDataset } from '../prepared/dataset.js';
import { randomStream } from '../random.js';
import { entityRows, type RowRoles } from './learning-rows.js';

/** Scored rows of one shard. */
export interface ScoredShard {
  /** Number of the shard in the data. */
  readonly index: number;
  readonly shard: EventShard;
  /** Rows of the shard, entity by entity in time order. */
  readonly rows: Int32Array;
  readonly probability: Float64Array;
  /** Support rows there were for the row's entity before any cap. */
  readonly historyLength: Int32Array;
  /** Milliseconds from the last of them to the row; NaN without any. */
  readonly sinceLastMs: Float64Array;
}

export interface ScoreOptions {
  readonly tileRows: number;
  readonly roles: RowRoles;
  /** Support labels shuffled within each entity by this seed (the placebo). */
  readonly shuffleSupportSeed?: number;
  /** Caps the support below the model's own maximum (support size curve). */
  readonly maxSupport?: number;
  /** Inner steps, for curves over them; as many as the model is served with by default. */
  readonly adaptSteps?: number;
  /** Support ends this many milliseconds before the entity's first scored row (staleness curve). */
  readonly staleMs?: number;
  /** Told of each shard's meta embeddings before its rows are scored with them. */
  readonly onVectors?: (adapted: AdaptedEntities) => void;
}

export interface AdaptedEntities {
  /** [entities] support rows there were for each before any cap. */
  readonly historyLength: readonly number[];
  /** [entities × size] */
  readonly vectors: Float32Array;
}

/**
 * Scores every row of the split with code `target`, shard by shard.
 * Throws CheckFailed LEAK_SUPPORT_NOT_BEFORE_QUERY when a support row is not strictly earlier than the scored rows.
 */
export async function* scoreSplit(
  model: Model,
  dataset: PreparedDataset,
  source: FeatureSource,
  runner: TileRunner,
  target: number,
  options: ScoreOptions,
): AsyncGenerator<ScoredShard> {
  for (let index = 0; index < dataset.shardCount; index++) {
    const shard = await dataset.shard(index);
    const episodes = targetEpisodes(shard, target, options);
    if (episodes.length === 0) continue;
    const vectors = await adaptEpisodes(model, episodes, shard, source, runner, options);
    if (vectors !== undefined)
      options.onVectors?.({ historyLength: episodes.map(({ known }) => known), vectors });
    const scored = await scoreEpisodes(model, episodes, vectors, shard, source, runner, options);
    yield { index, ...scored };
  }
}

interface TargetEpisode extends Episode {
  /** Support rows before the cap. */
  readonly known: number;
}

function targetEpisodes(shard: EventShard, target: number, options: ScoreOptions): TargetEpisode[] {
  const episodes: TargetEpisode[] = [];
  for (let place = 0; place < shard.entities.length; place++) {
    const query = entityRows(shard, place, [target]);
    if (query.length === 0) continue;
    const first = shard.timestampMs[query[0]!]!;
    let support = entityRows(shard, place, options.roles.support);
    const last = support.length > 0 ? shard.timestampMs[support[support.length - 1]!]! : -Infinity;
    if (last >= first) throw supportLeak(shard.entities[place]!, last, first);
    if (options.staleMs !== undefined) {
      const limit = first - options.staleMs;
      support = support.filter((row) => shard.timestampMs[row]! <= limit);
    }
    episodes.push({ entity: shard.entities[place]!, support, query, known: support.length });
  }
  return episodes;
}

function supportLeak(entity: number, last: number, first: number): CheckFailed {
  return new CheckFailed({
    code: 'LEAK_SUPPORT_NOT_BEFORE_QUERY',
    where: `entity index ${entity}`,
    what: `Its support reaches ${new Date(last).toISOString()}, which is not before its first scored row at ${new Date(first).toISOString()}.`,
    next: 'Prepare the data anew with a split by time.',
  });
}

/** Meta embeddings [episodes × size] in episode order; undefined for a model that adapts nothing. */
export async function adaptEpisodes(
  model: Model,
  episodes: readonly Episode[],
  shard: EventShard,
  source: FeatureSource,
  runner: TileRunner,
  options: Omit<ScoreOptions, 'roles'>,
): Promise<Float32Array | undefined> {
  const meta = entityPart(model);
  if (meta === undefined) return undefined;
  const limit = Math.min(meta.maxSupport, options.maxSupport ?? Number.POSITIVE_INFINITY);
  const none = new Int32Array(0);
  const adapted = episodes.map(({ entity, support }) => ({
    entity,
    support: limit === 0 ? none : support.slice(-limit),
    query: none,
  }));
  const buckets = bucketTasks(adapted, options.tileRows);
  const seed = options.shuffleSupportSeed;
  const tileOptions = {
    ...(seed === undefined
      ? {}
      : { supportLabel: (episode: Episode) => shuffledLabels(episode, shard, seed) }),
  };
  const part = meta;
  const chosen = (places: readonly number[]): Episode[] => places.map((place) => adapted[place]!);
  function* tiles(): Generator<Tile> {
    for (const places of buckets) yield supportSide(model, part, chosen(places), shard, source, tileOptions);
  }
  const results = await runner.run(
    options.adaptSteps === undefined ? ADAPT : adaptAfter(options.adaptSteps),
    tiles(),
  );
  const vectors = new Float32Array(episodes.length * meta.size);
  buckets.forEach((places, t) => {
    places.forEach((place, i) => {
      vectors.set(results[t]![meta.name]!.subarray(i * meta.size, (i + 1) * meta.size), place * meta.size);
    });
  });
  return vectors;
}

/** The support's labels in an order fixed by the seed and the entity. */
export function shuffledLabels(episode: Episode, shard: EventShard, seed: number): Float32Array {
  const labels = Float32Array.from(episode.support, (row) => shard.label[row]!);
  return randomStream(seed, 'placebo', episode.entity).shuffle(labels);
}

async function scoreEpisodes(
  model: Model,
  episodes: readonly TargetEpisode[],
  vectors: Float32Array | undefined,
  shard: EventShard,
  source: FeatureSource,
  runner: TileRunner,
  options: ScoreOptions,
): Promise<Omit<ScoredShard, 'index'>> {
  const total = episodes.reduce((sum, { query }) => sum + query.length, 0);
  const rows = new Int32Array(total);
  const owner = new Int32Array(total);
  const historyLength = new Int32Array(total);
  const sinceLastMs = new Float64Array(total);
  let at = 0;
  episodes.forEach(({ query, support, known }, e) => {
    const last = support.length > 0 ? shard.timestampMs[support[support.length - 1]!]! : Number.NaN;
    for (const row of query) {
      rows[at] = row;
      owner[at] = e;
      historyLength[at] = known;
      sinceLastMs[at++] = shard.timestampMs[row]! - last;
    }
  });
  function* tiles(): Generator<Tile> {
    for (let start = 0; start < total; start += options.tileRows) {
      const part = rows.subarray(start, Math.min(total, start + options.tileRows));
      const groups = rowGroups('rows', model, part, [part.length], shard, source);
      yield { groups, tensors: vectorTensor(model, vectors, owner.subarray(start, start + part.length)) };
    }
  }
  const results = await runner.run(SCORE, tiles());
  const probability = new Float64Array(total);
  results.forEach((result, t) => {
    probability.set(result['probability']!, t * options.tileRows);
  });
  return { shard, rows, probability, historyLength, sinceLastMs };
}

function vectorTensor(model: Model, vectors: Float32Array | undefined, owner: Int32Array): Tile['tensors'] {
  const part = entityPart(model);
  if (vectors === undefined || part === undefined) return {};
  const { name, size } = part;
  const data = new Float32Array(owner.length * size);
  owner.forEach((e, i) => {
    data.set(vectors.subarray(e * size, (e + 1) * size), i * size);
  });
  return { [name]: { data, shape: [owner.length, size] } };
}
