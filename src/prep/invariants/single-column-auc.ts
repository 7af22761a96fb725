// How well one column alone orders the label: what no honest feature does perfectly.
import type { Database } from '../../database/database.js';

/** Rows that take part at most; more add nothing to a number compared with 0.99. */
const MOST_ROWS = 1_000_000;

export interface Labelled {
  /** Parenthesised relation with `value` (text or NULL), `clicks`, `rest` (exposures without a click) and `id`. */
  readonly relation: string;
  readonly rows: number;
}

/** AUC of the label, at least 0.5; null where one class is missing or the column cannot be judged. */
export async function singleColumnAuc(
  database: Database,
  labelled: Labelled,
  column: { readonly numeric: boolean; readonly distinct: number; readonly present: number },
): Promise<number | null> {
  const step = Math.ceil(labelled.rows / MOST_ROWS);
  const sampled = step > 1 ? `(FROM ${labelled.relation} WHERE hash(id) % ${step} = 0)` : labelled.relation;
  const tried: number[] = [];
  if (column.numeric) {
    const byOrder = await aucOf(
      database,
      `SELECT coalesce(TRY_CAST(value AS DOUBLE), '-infinity') AS score, clicks, rest FROM ${sampled}`,
    );
    tried.push(Math.max(byOrder, 1 - byOrder));
  }
  // A column that names nearly every row has nothing to say about rows it has not seen. The direction is the learned one:
  // turning it around would take the chance differences between two halves for a signal.
  if (column.distinct <= column.present / 2) tried.push(await aucOf(database, heldOutRates(sampled)));
  const known = tried.filter((auc) => !Number.isNaN(auc));
  return known.length === 0 ? null : Math.max(0.5, ...known);
}

/** Click rate by value from one half of the rows, shrunk by one row at the mean rate, as a score of the other half. */
function heldOutRates(relation: string): string {
  return `WITH halves AS (SELECT coalesce(value, '') AS value, clicks, rest, hash(id) % 2 AS half FROM ${relation}),
      mean AS (SELECT sum(clicks) / sum(clicks + rest) AS rate FROM halves WHERE half = 0),
      rates AS (SELECT value, (sum(clicks) + (SELECT rate FROM mean)) / (sum(clicks + rest) + 1) AS rate
        FROM halves WHERE half = 0 GROUP BY value)
    SELECT coalesce(rates.rate, (SELECT rate FROM mean)) AS score, clicks, rest
      FROM halves LEFT JOIN rates USING (value) WHERE half = 1`;
}

/** Tie-aware AUC (Mann–Whitney) of rows `score, clicks, rest`; NaN when one class is missing. */
async function aucOf(database: Database, rows: string): Promise<number> {
  const { auc = Number.NaN } = await database.numbers(
    `WITH ranked AS (SELECT score, CAST(sum(clicks) AS DOUBLE) AS clicks, CAST(sum(rest) AS DOUBLE) AS rest FROM (${rows}) GROUP BY score),
      summed AS (SELECT clicks, rest, coalesce(sum(rest) OVER (ORDER BY score ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS below FROM ranked)
     SELECT sum(clicks * (below + rest / 2)) / nullif(sum(clicks) * sum(rest), 0) AS auc FROM summed`,
  );
  return auc;
}
