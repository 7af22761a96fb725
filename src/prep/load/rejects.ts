// Bad rows with their place and reason: collected, then either the error of the run or `rejects.csv`.

import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import type { Database } from '../../database/database.js';
import { ident } from '../../database/sql.js';
import { InternalError, UserError, UserErrors } from '../../errors.js';
import { shownNested } from '../sources/nested-values.js';

/** How many bad rows are shown before the run stops. */
const SHOWN_FAULTS = 20;

const COLUMNS = ['file', 'line', 'column', 'value', 'reason', 'row'] as const;
/** Files in the order in which they were read, lines as they stand there. */
const IN_ORDER = `(SELECT *, min(rowid) OVER (PARTITION BY file) AS place FROM rejects) ORDER BY place, line, "column"`;
/** Rows that are written at a time. */
const PIECE = 10_000;

export interface Rejects {
  /** True when any bad row stops the run. */
  readonly stops: boolean;
  /** Adds rows of (file, line, column, value, reason, row): the row as it stands in the file, JSON where that is Parquet. */
  add(select: string): Promise<void>;
  count(): number;
  /** How many more broken records a careful reader should collect. */
  room(): number;
  nextStage(): number;
  /** Throws `UserErrors` with the first bad rows when there are any and they stop the run. */
  stopIfAny(): Promise<void>;
  /** Writes all bad rows as CSV. */
  write(path: string): Promise<void>;
}

export async function openRejects(database: Database, onError: 'stop' | 'reject'): Promise<Rejects> {
  await database.run(
    `CREATE TABLE rejects (${COLUMNS.map((name) => `${ident(name)} ${name === 'line' ? 'BIGINT' : 'VARCHAR'}`).join(', ')})`,
  );
  let stages = 0;
  let total = 0;
  return {
    stops: onError === 'stop',
    add: async (select) => {
      const { Count } = await database.numbers(`INSERT INTO rejects ${select}`);
      if (Count === undefined) throw new InternalError('the database does not say how many rows it took');
      total += Count;
    },
    count: () => total,
    room: () => (onError === 'stop' ? SHOWN_FAULTS : Number.POSITIVE_INFINITY),
    nextStage: () => stages++,
    stopIfAny: async () => {
      if (total === 0 || onError === 'reject') return;
      const rows = await database.rows(
        `SELECT ${COLUMNS.slice(0, -1).map(ident).join(', ')} FROM ${IN_ORDER} LIMIT ${SHOWN_FAULTS}`,
      );
      const more = total > rows.length ? `${total} such faults were met; these are the first. ` : '';
      throw new UserErrors(rows.map((row) => badRow(row, `${more}${NEXT}`)));
    },
    write: (path) => writeRejects(database, path),
  };
}

async function writeRejects(database: Database, path: string): Promise<void> {
  const numbered = `SELECT row_number() OVER () AS n, * FROM (SELECT ${COLUMNS.map(ident).join(', ')} FROM ${IN_ORDER})`;
  await database.run(`CREATE TEMP TABLE ordered_rejects AS ${numbered}`);
  const pieces = async function* (): AsyncIterable<readonly unknown[]> {
    for (let from = 0; ; from += PIECE) {
      const rows = await database.rows(
        `SELECT * EXCLUDE (n) FROM ordered_rejects WHERE n > ${from} AND n <= ${from + PIECE} ORDER BY n`,
      );
      for (const row of rows) yield COLUMNS.map((name) => shownNested(String(row[name] ?? '')));
      if (rows.length < PIECE) return;
    }
  };
  const csv = stringify({ header: true, columns: [...COLUMNS], record_delimiter: '\n' });
  await pipeline(Readable.from(pieces()), csv, createWriteStream(path));
  await database.run('DROP TABLE ordered_rejects');
}

const NEXT = 'Correct the row or the descriptor, or run with --on-error reject to leave such rows out.';

function badRow(row: Readonly<Record<string, unknown>>, next: string): UserError {
  const { file, line, column, value, reason } = row;
  const place = `${file}:${line}${column ? ` column "${column}"` : ''}`;
  const shown =
    value === null || value === undefined
      ? 'The empty value'
      : `"${shownNested(String(value)).slice(0, 100)}"`;
  return new UserError({
    code: 'DATA_BAD_ROW',
    where: place,
    what: `${shown} is ${reason}.`,
    next,
  });
}
