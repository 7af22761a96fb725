// The best AUC there is where the true probabilities are known.
import type { Database } from '../database/database.js';
import { SPLIT, type SplitName } from './format.js';

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
