// Aggregates of the log's own past, strictly before each event: rows of the same instant are not the past.
import type { Database } from '../../database/database.js';
import { ident } from '../../database/sql.js';
import type { FeatureOf } from '../descriptor/features.js';
import { featureColumnName } from '../load/feature-column.js';

export type HistoryFeature = FeatureOf<'history'>;
/** As much of one as its formula takes. */
export type HistoryFormula = Pick<HistoryFeature, 'of' | 'statistic' | 'days' | 'delayMinutes' | 'shrinkage'>;
const DAY_MS = 86_400_000;

export interface Past {
  /** Click rate of the observed training rows, which shrunken rates lean on. */
  readonly trainRate: number;
  /** Whether the log holds sampled negatives (`copy` above 0). They are no events: every row has a past, none of it is theirs. */
  readonly sampled: boolean;
}

/** SQL window expression for one aggregate over a relation `row` with `entity`/`item`, `ts`, `label` (and `copy`, where sampled). */
export function historySql(feature: HistoryFormula, { trainRate, sampled }: Past, row: string): string {
  const over = `${sampled ? `FILTER (WHERE ${row}.copy = 0) ` : ''}${window(feature, row)}`;
  return statistic(feature, trainRate, row, {
    count: `count(*) ${over}`,
    clicks: `coalesce(sum(${row}.label) ${over}, 0)`,
    last: `max(${row}.ts) ${over}`,
  });
}

/** The same over rows that stand for `events` events with `clicks` clicks at one instant each; none where a row only asks. */
export function countedHistorySql(feature: HistoryFormula, trainRate: number, row: string): string {
  const over = window(feature, row);
  return statistic(feature, trainRate, row, {
    count: `CAST(coalesce(sum(${row}.events) ${over}, 0) AS BIGINT)`,
    clicks: `coalesce(sum(${row}.clicks) ${over}, 0)`,
    last: `max(${row}.ts) FILTER (WHERE ${row}.events > 0) ${over}`,
  });
}

/** Milliseconds before an event at which its past ends; and those at which it begins, undefined for the whole past. Both included. */
export function pastOf({ days, delayMinutes }: HistoryFormula): {
  readonly until: number;
  readonly from: number | undefined;
} {
  const until = Math.max(1, Math.round(delayMinutes * 60_000));
  return { until, from: days === undefined ? undefined : Math.max(until, Math.round(days * DAY_MS)) };
}

/** Click rate that shrunken rates lean on, of the labels of training rows. Seven digits: the order of adding up must not show. */
export const leaningRate = (meanLabel: number): number =>
  Number.isNaN(meanLabel) ? 0 : Number(meanLabel.toPrecision(7));

function window(feature: HistoryFormula, row: string): string {
  const { until, from = 'UNBOUNDED' } = pastOf(feature);
  return `OVER (PARTITION BY ${row}.${feature.of} ORDER BY ${row}.ts RANGE BETWEEN ${from} PRECEDING AND ${until} PRECEDING)`;
}

function statistic(
  feature: HistoryFormula,
  trainRate: number,
  row: string,
  { count, clicks, last }: Readonly<Record<'count' | 'clicks' | 'last', string>>,
): string {
  switch (feature.statistic) {
    case 'count':
      return `CAST(${count} AS DOUBLE)`;
    case 'clicks':
      return `CAST(${clicks} AS DOUBLE)`;
    case 'rate':
      return `(${clicks} + ${feature.shrinkage * trainRate}) / nullif(${count} + ${feature.shrinkage}, 0)`;
    case 'days_since_last':
      return `(${row}.ts - ${last}) / ${DAY_MS}.0`;
  }
}

/** Items whose windows are computed together; bounds the memory of one pass. */
const ROWS_PER_PASS = 4_000_000;

/**
 * Makes `item_history(rid, f_…)` sorted by `rid`, the rowid of `events`: an item's rows lie in many shards, so its windows are
 * computed over parts of the items instead.
 */
export async function itemHistory(
  database: Database,
  features: readonly HistoryFeature[],
  past: Past,
): Promise<void> {
  const { rows = 0 } = await database.numbers('SELECT count(*) AS rows FROM events');
  const passes = Math.max(1, Math.ceil(rows / ROWS_PER_PASS));
  const names = features.map((feature) => ident(featureColumnName(feature)));
  await database.run(
    `CREATE TABLE item_history_parts (rid BIGINT, ${names.map((name) => `${name} DOUBLE`).join(', ')})`,
  );
  for (let pass = 0; pass < passes; pass++)
    await database.run(
      `INSERT INTO item_history_parts SELECT rid, ${features.map((feature) => historySql(feature, past, 's')).join(', ')}
        FROM (SELECT rowid AS rid, item, ts, label${past.sampled ? ', copy' : ''} FROM events WHERE item % ${passes} = ${pass}) s`,
    );
  await database.run('CREATE TABLE item_history AS SELECT * FROM item_history_parts ORDER BY rid');
  await database.run('DROP TABLE item_history_parts');
}
