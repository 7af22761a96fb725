// Counts over the values of one raw column.
import type { Database } from '../../database/database.js';
import { ident } from '../../database/sql.js';
import { missingWordSql } from '../../prep/load/missing-words.js';

export interface ColumnStats {
  /** Rows of the source with and without a value. */
  readonly present: number;
  readonly missing: number;
  readonly distinct: number;
  /** Values that occur once. */
  readonly singles: number;
  /** Whether every value is a number; then its range follows. */
  readonly numeric: boolean;
  /** Whether every value is a whole number. */
  readonly whole: boolean;
  readonly min: number | null;
  readonly median: number | null;
  readonly max: number | null;
  /** Values that usually mean that there is none and are not declared so, at most three. */
  readonly missingWords: readonly string[];
  /** The most frequent values, at most three. */
  readonly frequent: readonly string[];
}

/** Statistics of the text column `column` of a relation; every number is exact. */
export async function columnStats(
  database: Database,
  relation: string,
  column: string,
): Promise<ColumnStats> {
  const value = ident(column);
  const [row] = await database.rows(
    `WITH grouped AS MATERIALIZED (
        SELECT ${value} AS value, TRY_CAST(${value} AS DOUBLE) AS number, count(*) AS n FROM ${relation}
          WHERE ${value} IS NOT NULL GROUP BY ALL),
      running AS (SELECT *, sum(n) OVER (ORDER BY number ROWS UNBOUNDED PRECEDING) AS upto, sum(n) OVER () AS total FROM grouped),
      most AS (SELECT value, n FROM grouped ORDER BY n DESC, value LIMIT 3)
     SELECT (SELECT count(*) FROM ${relation}) AS rows, coalesce(sum(n), 0) AS present, count(*) AS distinct_values,
        count(*) FILTER (n = 1) AS singles, count(number) AS numbers,
        count(*) FILTER (number = floor(number)) AS wholes, min(number) AS low, max(number) AS high,
        min(number) FILTER (upto * 2 >= total) AS median, (SELECT list(value ORDER BY n DESC, value) FROM most) AS frequent,
        (SELECT list(value ORDER BY value)[:3] FROM grouped WHERE ${missingWordSql('value')}) AS missing_words
      FROM running`,
  );
  const figure = (name: string): number => Number(row?.[name] ?? 0);
  const distinct = figure('distinct_values');
  const numeric = distinct > 0 && figure('numbers') === distinct;
  const whenNumeric = (name: string): number | null => (numeric ? figure(name) : null);
  const frequent = row?.['frequent'];
  const words = row?.['missing_words'];
  return {
    present: figure('present'),
    missing: figure('rows') - figure('present'),
    distinct,
    singles: figure('singles'),
    numeric,
    whole: numeric && figure('wholes') === distinct,
    min: whenNumeric('low'),
    median: whenNumeric('median'),
    max: whenNumeric('high'),
    missingWords: Array.isArray(words) ? words.map(String) : [],
    frequent: Array.isArray(frequent) ? frequent.map(String) : [],
  };
}
