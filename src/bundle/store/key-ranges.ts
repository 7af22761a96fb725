// Ranges of keys that part rows into pieces of about the same size.
import type { Database } from '../../database/database.js';
import { quoted } from '../../database/sql.js';

/** Rows that say where the rows are parted. */
const SAMPLED = 20_000;

/**
 * Conditions on the text `key` that part the rows of some relations into about `pieces`, in the order of the key; where they part
 * changes no result.
 */
export async function keyRanges(
  database: Database,
  relations: readonly string[],
  key: string,
  pieces: number,
): Promise<readonly string[]> {
  if (pieces <= 1) return ['true'];
  const keys = relations.map((relation) => `SELECT ${key} AS k FROM ${relation}`).join(' UNION ALL ');
  const sample = await database.rows(
    `SELECT k FROM (${keys}) USING SAMPLE reservoir(${SAMPLED} ROWS) REPEATABLE (1) ORDER BY k`,
  );
  const cuts = Array.from({ length: pieces - 1 }, (_, i) =>
    quoted(String(sample[Math.floor(((i + 1) * sample.length) / pieces)]!['k'])),
  );
  const ends = [...new Set(cuts)];
  return [...ends, undefined].map((end, i) =>
    [
      ...(i === 0 ? [] : [`${key} >= ${ends[i - 1]}`]),
      ...(end === undefined ? [] : [`${key} < ${end}`]),
    ].join(' AND '),
  );
}
