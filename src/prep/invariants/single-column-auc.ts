// How well one column alone orders the label: what no honest feature does perfectly.
import type { Database } from '../../database/database.js';

/** Rows that take part at most; more add nothing to a number compared with 0.99. */
const MOST_ROWS = 1_000_000;

export interface Labelled {
  /** Parenthesised relation with `value` (text or NULL), `clicks`, `rest` (exposures without a click) and `id`. */
  readonly relation: string;
  readonly rows: number;
}

/** Numbers of more different values are judged by their order alone: a rate of each value would be that of its few rows. */
const MOST_CODES = 50;
/** Clicks, and exposures without one, from which the rates of values say something. */
const ENOUGH = 20;

/**
 * AUC of the label by one column, at least 0.5, as docs/datasets.md defines it: by the order of numbers in the better direction, or by
 * the click rate of each value among the other half of the rows; the larger where both apply. null where one class is missing or
 * the column cannot be judged.
 */
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
  // A column that names nearly every row has nothing to say about rows it has not seen.
  const repeats = column.distinct <= column.present / 2;
  if (repeats && (!column.numeric || column.distinct <= MOST_CODES) && (await hasEnough(database, sampled)))
    tried.push(await aucOf(database, otherHalfRates(sampled)));
  const known = tried.filter((auc) => !Number.isNaN(auc));
  return known.length === 0 ? null : Math.max(0.5, ...known);
}

async function hasEnough(database: Database, relation: string): Promise<boolean> {
  const { least = 0 } = await database.numbers(
    `SELECT least(coalesce(sum(clicks), 0), coalesce(sum(rest), 0)) AS least FROM ${relation}`,
  );
  return least >= ENOUGH;
}

/**
 * Every row scored by the click rate of its value among the rows of the other half, shrunk by one row at that half's mean. Halves are
 * told by the first hexadecimal digit of the MD5 of the row's number, which any program can repeat. The direction is the learned one:
 * turning it around would take the chance differences between two halves for a signal.
 */
function otherHalfRates(relation: string): string {
  return `WITH halves AS (SELECT coalesce(value, '') AS value, clicks, rest,
        CAST(left(md5(CAST(id AS VARCHAR)), 1) < '8' AS INTEGER) AS half FROM ${relation}),
      means AS (SELECT half, sum(clicks) / sum(clicks + rest) AS mean FROM halves GROUP BY half),
      rates AS (SELECT value, half, (sum(clicks) + any_value(mean)) / (sum(clicks + rest) + 1) AS rate
        FROM halves JOIN means USING (half) GROUP BY value, half)
    SELECT coalesce(r.rate, m.mean) AS score, h.clicks, h.rest FROM halves h
      JOIN means m ON m.half = 1 - h.half LEFT JOIN rates r ON r.value = h.value AND r.half = 1 - h.half`;
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
