// Figures of a prepared data set for its manifest.

import type { Database } from '../../database/database.js';
import { SPLIT, type SplitName } from '../../prepared/format.js';
import type { SplitSummary } from '../../prepared/manifest.js';

type SplitOrSupport = keyof typeof SPLIT;

/** Rows, entities, items, label rate and time range of each split, from `<side>_rows` and the events. */
export async function splitSummaries(
  database: Database,
  events: string,
): Promise<Readonly<Record<SplitOrSupport, SplitSummary>>> {
  const distinct = async (side: 'entity' | 'item') =>
    database.numbers(
      `SELECT ${Object.keys(SPLIT)
        .map((name) => `count(*) FILTER (${name} > 0) AS ${name}`)
        .join(', ')} FROM ${side}_rows`,
    );
  const [entities, items] = [await distinct('entity'), await distinct('item')];
  const rows = await database.rows(
    `SELECT split, count(*) AS n, sum(label) AS clicks, min(ts) AS low, max(ts) AS high FROM ${events} GROUP BY split`,
  );
  const summary = (name: SplitOrSupport): SplitSummary => {
    const row = rows.find((found) => found['split'] === SPLIT[name]);
    const n = Number(row?.['n'] ?? 0);
    return {
      rows: n,
      entities: entities[name] ?? 0,
      items: items[name] ?? 0,
      labelRate: n === 0 ? 0 : Number(row?.['clicks']) / n,
      fromMs: row === undefined ? null : Number(row['low']),
      toMs: row === undefined ? null : Number(row['high']),
    };
  };
  return {
    train: summary('train'),
    valid: summary('valid'),
    test: summary('test'),
    support: summary('support'),
  };
}

/** Tie-aware AUC that the true probabilities reach on each split (ties count half); undefined for a split of one class. */
export async function oracleAuc(
  database: Database,
  events: string,
): Promise<Readonly<Partial<Record<SplitName, number>>>> {
  const rows = await database.rows(
    `SELECT split, sum(positives * (below + negatives / 2)) / (sum(positives) * sum(negatives)) AS auc
      FROM (SELECT split, positives, negatives,
          sum(negatives) OVER (PARTITION BY split ORDER BY truth) - negatives AS below
        FROM (SELECT split, truth, CAST(sum(label) AS DOUBLE) AS positives, CAST(sum(1 - label) AS DOUBLE) AS negatives
          FROM ${events} WHERE truth IS NOT NULL GROUP BY split, truth))
      GROUP BY split HAVING sum(positives) > 0 AND sum(negatives) > 0`,
  );
  const found = (['train', 'valid', 'test'] as const).flatMap((name) => {
    const row = rows.find((candidate) => candidate['split'] === SPLIT[name]);
    return row === undefined ? [] : [[name, Number(row['auc'])] as const];
  });
  return Object.fromEntries(found);
}
