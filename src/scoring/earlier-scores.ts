// Later rows of an entity scored with what was known at an earlier instant: what pairs of its rows are compared by where scores move.
import type { RowEngine } from './row-engine.js';
import { type Known, scoreRows } from './score-rows.js';
import type { ScoredEpisode } from './windows.js';

/** Labels and scores of some rows of one entity. */
interface LabelledScores {
  /** [rows] 0 or 1 */
  readonly label: Float32Array;
  readonly probability: Float64Array;
}

interface ChosenEpisode {
  /** Place among the entity's episodes. */
  readonly place: number;
  /** How often it was drawn; `all` where every episode is there that pairs begin in. */
  readonly draws: number | 'all';
}

/** An episode's own rows and the entity's later ones, all scored with the vector, and the model, of the episode. */
interface EarlierScored {
  readonly entity: number;
  readonly draws: number | 'all';
  readonly own: LabelledScores;
  readonly later: LabelledScores;
}

export interface EarlierScores {
  /** Which of an entity's episodes later rows are scored with too. @param label by row of the shard */
  readonly choose: (
    entity: number,
    queries: readonly Int32Array[],
    label: Float32Array,
  ) => readonly ChosenEpisode[];
  readonly onScored: (scored: EarlierScored) => void;
}

/** Rows that are scored at once. */
const ROWS_AT_ONCE = 262_144;

interface Adapted {
  /** All episodes of each entity, those of other trainings too. */
  readonly entities: readonly (readonly ScoredEpisode[])[];
  /** Those that were adapted and scored, one after the other, with their vectors and the scores of their rows. */
  readonly episodes: readonly ScoredEpisode[];
  readonly vectors: Known['vectors'];
  readonly probability: Float64Array;
}

interface Asked extends Omit<EarlierScored, 'later'> {
  readonly vector: number;
  readonly later: { readonly rows: Int32Array; readonly label: Float32Array };
}

/** Scores what is asked for, and tells of it entity by entity. */
export async function scoreEarlier(
  engine: RowEngine,
  adapted: Adapted,
  { choose, onScored }: EarlierScores,
): Promise<void> {
  let batch: Asked[] = [];
  let rows = 0;
  for (const asked of askedFor(engine, adapted, choose)) {
    batch.push(asked);
    rows += asked.later.rows.length;
    if (rows < ROWS_AT_ONCE) continue;
    for (const scored of await scoredLater(engine, adapted, batch)) onScored(scored);
    [batch, rows] = [[], 0];
  }
  for (const scored of await scoredLater(engine, adapted, batch)) onScored(scored);
}

/** Every chosen episode with its own scores and the rows that come after it. */
function* askedFor(
  { shard: { label } }: RowEngine,
  { entities, episodes, probability }: Adapted,
  choose: EarlierScores['choose'],
): Generator<Asked> {
  let vector = 0;
  let at = 0;
  for (const all of entities) {
    // What is later than an episode is the rest of the entity's rows.
    let from = 0;
    const { entity } = all[0]!;
    const queries = all.map(({ query }) => query);
    const whole = joined(queries, label);
    const draws = new Map(choose(entity, queries, label).map((chosen) => [chosen.place, chosen.draws]));
    for (const [place, episode] of all.entries()) {
      const { query } = episode;
      const to = from + query.length;
      const own = whole.label.subarray(from, to);
      from = to;
      if (episode !== episodes[vector]) continue;
      const drawn = draws.get(place);
      if (drawn !== undefined)
        yield {
          entity,
          draws: drawn,
          vector,
          own: { label: own, probability: probability.subarray(at, at + query.length) },
          later: { rows: whole.rows.subarray(to), label: whole.label.subarray(to) },
        };
      vector++;
      at += query.length;
    }
  }
}

/** All rows of an entity, in time order, with their labels. In loops: `from` and `flatMap` took a tenth of an evaluation. */
function joined(queries: readonly Int32Array[], label: Float32Array): Asked['later'] {
  const rows = new Int32Array(queries.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const query of queries) {
    rows.set(query, at);
    at += query.length;
  }
  const labels = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) labels[i] = label[rows[i]!]!;
  return { rows, label: labels };
}

async function scoredLater(
  engine: RowEngine,
  known: Known,
  batch: readonly Asked[],
): Promise<readonly EarlierScored[]> {
  const total = batch.reduce((sum, { later }) => sum + later.rows.length, 0);
  const rows = new Int32Array(total);
  const owner = new Int32Array(total);
  let at = 0;
  for (const { later, vector } of batch) {
    rows.set(later.rows, at);
    owner.fill(vector, at, at + later.rows.length);
    at += later.rows.length;
  }
  const probability = await scoreRows(engine, { rows, owner }, known);
  at = 0;
  return batch.map(({ entity, draws, own, later }) => {
    const from = at;
    at += later.rows.length;
    return {
      entity,
      draws,
      own,
      later: { label: later.label, probability: probability.subarray(from, at) },
    };
  });
}
