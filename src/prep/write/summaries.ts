// Figures of a prepared data set for its manifest.

import type { Database } from '../../database/database.js';
import { SPLIT } from '../../prepared/format.js';
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
