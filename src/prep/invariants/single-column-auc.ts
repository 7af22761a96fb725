// How well one column alone orders the label: what no honest feature does perfectly.
import type { Database } from '../../database/database.js';

/** Rows that take part at most; more add nothing to a number compared with 0.99. */
const MOST_ROWS = 1_000_000;

interface Labelled {
  /** Parenthesised relation with `value` (text or NULL), `clicks`, `rest` (exposures without a click), `id` and `half` (`halfOf`). */
  readonly relation: string;
  readonly rows: number;
}

/** Numbers of more different values are judged by their order alone: a rate of each value would be that of its few rows. */
const MOST_CODES = 50;
/** Clicks, and exposures without one, from which the rates of values say something. */
const ENOUGH = 20;

/** Which half a row is in, told by the first hexadecimal digit of the MD5 of its number, which any program can repeat. */
export const halfOf = (id: string): string => `CAST(left(md5(CAST(${id} AS VARCHAR)), 1) < '8' AS INTEGER)`;

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
  // A column that names nearly every row has nothing to say about rows it has not seen.
  const repeats = column.distinct <= column.present / 2;
  const byRates = repeats && (!column.numeric || column.distinct <= MOST_CODES);
  if (!column.numeric && !byRates) return null;
  const step = Math.ceil(labelled.rows / MOST_ROWS);
  const sampled = step > 1 ? `(FROM ${labelled.relation} WHERE hash(id) % ${step} = 0)` : labelled.relation;
  const wanted = [
    ...(column.numeric ? [`(${aucOf(ORDER)}) AS "order"`] : []),
    ...(byRates ? [`(${aucOf(OTHER_HALF_RATES)}) AS rates`] : []),
    `(SELECT least(coalesce(sum(clicks), 0), coalesce(sum(rest), 0)) FROM cells) AS least`,
  ];
  // Every row is read once; what follows looks at one row a value and half.
  const found = await database.numbers(
    `WITH cells AS MATERIALIZED (SELECT value, ${byRates ? 'half' : '0 AS half'},
        CAST(sum(clicks) AS DOUBLE) AS clicks, CAST(sum(rest) AS DOUBLE) AS rest FROM ${sampled} GROUP BY ALL)
      SELECT ${wanted.join(', ')}`,
  );
  const { order = Number.NaN, rates = Number.NaN, least = 0 } = found;
  const tried = [Math.max(order, 1 - order), ...(least >= ENOUGH ? [rates] : [])];
  const known = tried.filter((auc) => !Number.isNaN(auc));
  return known.length === 0 ? null : Math.max(0.5, ...known);
}

const ORDER = `SELECT coalesce(TRY_CAST(value AS DOUBLE), '-infinity') AS score, clicks, rest FROM cells`;

/**
 * Every cell scored by the click rate of its value among the rows of the other half, shrunk by one row at that half's mean. The
 * direction is the learned one: turning it around would take the chance differences between two halves for a signal.
 */
const OTHER_HALF_RATES = `WITH halves AS (SELECT coalesce(value, '') AS value, half, sum(clicks) AS clicks, sum(rest) AS rest
      FROM cells GROUP BY ALL),
    means AS (SELECT half, sum(clicks) / sum(clicks + rest) AS mean FROM halves GROUP BY half)
  SELECT coalesce((r.clicks + m.mean) / (r.clicks + r.rest + 1), m.mean) AS score, h.clicks, h.rest FROM halves h
    JOIN means m ON m.half = 1 - h.half LEFT JOIN halves r ON r.value = h.value AND r.half = m.half`;

/** SQL of the tie-aware AUC (Mann–Whitney) of rows `score, clicks, rest`; NULL when one class is missing. */
function aucOf(rows: string): string {
  return `WITH ranked AS (SELECT score, sum(clicks) AS clicks, sum(rest) AS rest FROM (${rows}) GROUP BY score),
      summed AS (SELECT clicks, rest, coalesce(sum(rest) OVER (ORDER BY score ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS below FROM ranked)
     SELECT sum(clicks * (below + rest / 2)) / nullif(sum(clicks) * sum(rest), 0) FROM summed`;
}
