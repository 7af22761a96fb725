// Some IDs as an SQL condition: a list of few, a table of many.
import type { Database } from '../../database/database.js';
import { ident, quoted, textList } from '../../database/sql.js';

/** So many are listed in the statement: to read a longer list takes longer than to fill a table. */
const LISTED = 100;
const TABLE = 'asked';

/** Does `work` with a condition for rows whose `column` is one of `ids`. One at a time on a database. */
export async function withAsked<T>(
  database: Database,
  column: string,
  ids: readonly string[],
  work: (condition: string) => Promise<T>,
): Promise<T> {
  if (ids.length === 0) return work('false');
  if (ids.length <= LISTED) return work(`${ends(column, ids)}${column} IN ${textList(ids)}`);
  const table = await database.createTable(TABLE, { id: 'text' });
  try {
    table.append(ids.length, [(row) => ids[row]!]);
    table.close();
    return await work(`${ends(column, ids)}${column} IN (SELECT id FROM ${TABLE})`);
  } finally {
    await database.run(`DROP TABLE ${ident(TABLE)}`);
  }
}

/** The files are in order of their IDs, so the first and last of many in order say which row groups are read at all. */
function ends(column: string, ids: readonly string[]): string {
  // Beyond these characters the order of texts here is not that of the file.
  const isPlain = ids.every((id, i) => !/[\ud800-\uffff]/.test(id) && (i === 0 || ids[i - 1]! <= id));
  if (!isPlain || ids.length === 1) return '';
  return `${column} BETWEEN ${quoted(ids[0]!)} AND ${quoted(ids.at(-1)!)} AND `;
}
