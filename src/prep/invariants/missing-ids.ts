// Entities and items whose ID is a word for "no value": all rows without one would become one member.
import type { Database } from '../../database/database.js';
import type { Progress } from '../../progress.js';
import { missingWordSql } from '../load/missing-words.js';

/** Warns of every such ID, with the rows that it has. */
export async function warnOfMissingIds(
  database: Database,
  events: string,
  progress: Progress,
): Promise<void> {
  for (const side of ['entity', 'item'] as const) {
    const found = await database.rows(`SELECT idx FROM ${side}_index WHERE ${missingWordSql('value')}`);
    if (found.length === 0) continue;
    const rows = await database.rows(
      `SELECT x.value, count(*) AS n FROM ${events} e JOIN ${side}_index x ON e.${side} = x.idx
        WHERE x.idx IN (${found.map(({ idx }) => Number(idx)).join(', ')}) GROUP BY x.value ORDER BY x.value`,
    );
    for (const { value, n } of rows)
      progress({
        kind: 'warning',
        code: 'MISSING_WORD',
        text: `"${value}" is taken for one ${side} of ${n} rows. Where it means that there is none, set "missing: ["", "${value}"]" under events.`,
      });
  }
}
