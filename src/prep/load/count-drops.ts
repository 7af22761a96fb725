// Good rows that were not wanted, counted by reason.
import type { Database } from '../../database/database.js';
import { ident } from '../../database/sql.js';
import { type Drop, FIRST_DROP } from './plan.js';

/** Rows of a loaded table that were left out for one of `drops`; filters on one column count together. */
export async function countDrops(
  database: Database,
  table: string,
  drops: readonly Drop[],
): Promise<Readonly<Record<string, number>>> {
  const dropped: Record<string, number> = {};
  if (drops.length === 0) return dropped;
  const counts = await database.rows(
    `SELECT fault, count(*) AS n FROM ${ident(table)} WHERE fault >= ${FIRST_DROP} GROUP BY fault ORDER BY fault`,
  );
  for (const { fault, n } of counts) {
    const reason = drops[Number(fault) - FIRST_DROP]?.reason ?? 'other';
    dropped[reason] = (dropped[reason] ?? 0) + Number(n);
  }
  return dropped;
}
