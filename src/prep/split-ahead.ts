// What a split would do to a log that is loaded: the same plan as prep makes, judged before anything is prepared.
import type { Database } from '../database/database.js';
import { UserError } from '../errors.js';
import { SPLIT, type SplitName } from '../prepared/format.js';
import type { ResolvedDescriptor } from './descriptor/resolve.js';
import { splitKind, statedSplit } from './descriptor/split.js';
import { indexValues, sortEvents } from './split/index-events.js';
import { PURGED, splitRelation } from './split-kinds/split-plan.js';
import { splitProblems } from './split-problems.js';

export interface SplitWord {
  /** Stable, upper case. */
  readonly code: string;
  readonly text: string;
}

/**
 * What is wrong with the splits of the rows of `loaded` that are good, which it turns into `events`. Negatives are not sampled: where
 * every row is a positive only splits without rows are told.
 */
export async function splitWords(
  database: Database,
  descriptor: ResolvedDescriptor,
): Promise<readonly SplitWord[]> {
  const { split, columns } = descriptor;
  const { rows = 0 } = await database.numbers('SELECT count(*) AS rows FROM loaded WHERE fault = 0');
  if (rows === 0) return [];
  const shards = await indexValues(database, rows);
  await sortEvents(database, {
    names: statedSplit(split) === undefined ? [] : ['given'],
    counts: columns.label.kind === 'counts',
    sourceOrder: 'sourceOrder' in columns.timestamp,
  });
  try {
    const plan = await splitKind(split).plan(database, split, shards);
    const found = await database.rows(
      `SELECT split, count(*) AS n, sum(label) AS clicks FROM ${splitRelation(plan)} WHERE split <> ${PURGED} GROUP BY split`,
    );
    const figures = (name: SplitName) => {
      const row = found.find((candidate) => candidate['split'] === SPLIT[name]);
      const n = Number(row?.['n'] ?? 0);
      return { rows: n, labelRate: n === 0 ? 0 : Number(row?.['clicks']) / n };
    };
    const problems = splitProblems(
      { train: figures('train'), valid: figures('valid'), test: figures('test') },
      split.kind,
    );
    return problems
      .filter(({ code }) => code === 'SPLIT_EMPTY' || columns.label.kind !== 'implicit')
      .map(({ code, text, next }) => ({ code, text: `${text} ${next}` }));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [{ code: error.code, text: [error.what, error.next].filter(Boolean).join(' ') }];
  }
}
