// Scores the rows of a split with a model's present numbers: adapt on each entity's support, then score its rows.
import type { FeatureSource } from '../engine/features/feature-source.js';
import { SCORE } from '../engine/programs/program-key.js';
import type { TileRunner } from '../engine/runner/tile-runner.js';
import { rowGroups } from '../engine/tiles/row-groups.js';
import type { Tile } from '../engine/tiles/tile.js';
import { entityPart, type Model } from '../models/contract/definition.js';
import type { EventShard, PreparedDataset } from '../prepared/dataset.js';
import { type AdaptOptions, adaptEpisodes } from './adapt.js';
import { lastTime, type SupportPolicy } from './support.js';
import { type ScoredEpisode, scoredEpisodes, type Windows } from './windows.js';

/** Scored rows of one shard. */
export interface ScoredShard {
  /** Number of the shard in the data. */
  readonly index: number;
  readonly shard: EventShard;
  /** What was adapted on what, and which rows were scored with that. */
  readonly episodes: readonly ScoredEpisode[];
  /** Their query rows one after the other: rows of the shard, entity by entity in time order. */
  readonly rows: Int32Array;
  readonly probability: Float64Array;
  /** Support rows that were known of the row's entity, before any cap. */
  readonly historyLength: Int32Array;
  /** Milliseconds from the last known one to the row; NaN without any. */
  readonly sinceLastMs: Float64Array;
}

export interface ScoreOptions extends AdaptOptions {
  readonly support: SupportPolicy;
  /** When entities are adapted anew; by default once, when the first scored row comes. */
  readonly windows?: Windows;
  /** Told of each shard's meta embeddings before its rows are scored with them. */
  readonly onVectors?: (adapted: AdaptedEntities) => void;
}

export interface AdaptedEntities {
  /** [episodes] support rows that were known for each, before any cap. */
  readonly historyLength: readonly number[];
  /** [episodes × size] */
  readonly vectors: Float32Array;
}

/** Scores every row of the split with code `target`, shard by shard. Throws what the support policy throws. */
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
    const episodes = [...scoredEpisodes(shard, target, options.support, options.windows)];
    if (episodes.length === 0) continue;
    const vectors = await adaptEpisodes(model, episodes, shard, source, runner, options);
    if (vectors !== undefined)
      options.onVectors?.({ historyLength: episodes.map(({ known }) => known.length), vectors });
    const rows = layOut(episodes, shard);
    const probability = await scoreRows(model, rows, vectors, shard, source, runner, options.tileRows);
    const { owner: _, ...columns } = rows;
    yield { index, shard, episodes, ...columns, probability };
  }
}

interface LaidOut extends Pick<ScoredShard, 'rows' | 'historyLength' | 'sinceLastMs'> {
  /** [rows] the place of the row's episode. */
  readonly owner: Int32Array;
}

/** The rows of all episodes one after the other, each with what was known of its entity. */
function layOut(episodes: readonly ScoredEpisode[], shard: EventShard): LaidOut {
  const total = episodes.reduce((sum, { query }) => sum + query.length, 0);
  const rows = new Int32Array(total);
  const owner = new Int32Array(total);
  const historyLength = new Int32Array(total);
  const sinceLastMs = new Float64Array(total);
  let at = 0;
  episodes.forEach(({ query, known }, e) => {
    const last = lastTime(known, { shard });
    for (const row of query) {
      rows[at] = row;
      owner[at] = e;
      historyLength[at] = known.length;
      sinceLastMs[at++] = shard.timestampMs[row]! - last;
    }
  });
  return { rows, owner, historyLength, sinceLastMs };
}

/** Probabilities of the rows, each with its episode's vector. */
async function scoreRows(
  model: Model,
  { rows, owner }: LaidOut,
  vectors: Float32Array | undefined,
  shard: EventShard,
  source: FeatureSource,
  runner: TileRunner,
  tileRows: number,
): Promise<Float64Array> {
  function* tiles(): Generator<Tile> {
    for (let start = 0; start < rows.length; start += tileRows) {
      const part = rows.subarray(start, Math.min(rows.length, start + tileRows));
      const groups = rowGroups('rows', model, part, [part.length], shard, source);
      yield { groups, tensors: vectorTensor(model, vectors, owner.subarray(start, start + part.length)) };
    }
  }
  const results = await runner.run(SCORE, tiles());
  const probability = new Float64Array(rows.length);
  results.forEach((result, t) => {
    probability.set(result['probability']!, t * tileRows);
  });
  return probability;
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
