// Scores the rows of a split with a model's present numbers: adapt on each entity's support, then score its rows.
import type { FeatureSource } from '../engine/features/feature-source.js';
import { shared } from '../engine/model-state.js';
import type { TileRunner } from '../engine/runner/tile-runner.js';
import type { Model } from '../models/contract/definition.js';
import type { EventShard, PreparedDataset } from '../prepared/dataset.js';
import { type AdaptOptions, adaptEpisodes } from './adapt.js';
import { type EarlierScores, scoreEarlier } from './earlier-scores.js';
import { scoreRows } from './score-rows.js';
import { lastTime, type SupportPolicy } from './support.js';
import { atFirstRow, entityEpisodes, type ScoredEpisode, type Windows } from './windows.js';

/** Scored rows of one shard, or of some of its entities. */
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
  /** Of the trainings that windows tell apart, the one whose rows are scored; all unless it is given. */
  readonly training?: number;
  /** Asks for scores of later rows with what was known at earlier instants. */
  readonly earlier?: EarlierScores | undefined;
  /** Told of each part's meta embeddings before its rows are scored with them. */
  readonly onVectors?: (adapted: AdaptedEntities) => void;
}

export interface AdaptedEntities {
  /** [episodes] support rows that were known for each, before any cap. */
  readonly historyLength: readonly number[];
  /** [episodes × size] */
  readonly vectors: Float32Array;
}

/** Vectors that are held at once where entities are adapted more than once; all of an entity's always are. */
const EPISODES_AT_ONCE = 8192;

/** Scores every row of the split with code `target`, shard by shard, in parts of bounded size. Throws what the support policy throws. */
export async function* scoreSplit(
  model: Model,
  dataset: PreparedDataset,
  source: FeatureSource,
  runner: TileRunner,
  target: number,
  options: ScoreOptions,
): AsyncGenerator<ScoredShard> {
  const { windows = atFirstRow, support, training, earlier, tileRows } = options;
  // One vector an entity is one part a shard, as sums in another order would be other numbers in their last digits.
  const most = windows === atFirstRow ? Number.POSITIVE_INFINITY : EPISODES_AT_ONCE;
  for (let index = 0; index < dataset.shardCount; index++) {
    const shard = await dataset.shard(index);
    const engine = { model, shard, source, runner, tileRows };
    for (const entities of inParts(entityEpisodes(shard, target, support, windows), most)) {
      const episodes = entities
        .flat()
        .filter((episode) => training === undefined || episode.training === training);
      if (episodes.length === 0) continue;
      const adapted = await adaptEpisodes(model, episodes, shard, source, runner, options);
      // All that is scored with them is sent to the workers without copying them.
      const vectors = adapted && shared(adapted);
      if (vectors !== undefined)
        options.onVectors?.({ historyLength: episodes.map(({ known }) => known.length), vectors });
      const rows = layOut(episodes, shard);
      const probability = await scoreRows(engine, rows, { episodes, vectors });
      if (earlier !== undefined)
        await scoreEarlier(engine, { entities, episodes, vectors, probability }, earlier);
      const { owner: _, ...columns } = rows;
      yield { index, shard, episodes, ...columns, probability };
    }
  }
}

/** Entities' episodes in parts of at most `most` episodes, but at least one entity. */
function* inParts(
  entities: Iterable<readonly ScoredEpisode[]>,
  most: number,
): Generator<(readonly ScoredEpisode[])[]> {
  let part: (readonly ScoredEpisode[])[] = [];
  let count = 0;
  for (const episodes of entities) {
    if (part.length > 0 && count + episodes.length > most) {
      yield part;
      [part, count] = [[], 0];
    }
    part.push(episodes);
    count += episodes.length;
  }
  if (part.length > 0) yield part;
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
