// Bad rows with their place and reason: collected, then either the error of the run or `rejects.csv`.

import type { Database } from '../../database/database.js';
import { copyTo } from '../../database/files.js';
import { UserError, UserErrors } from '../../errors.js';

/** How many bad rows are shown before the run stops. */
export const SHOWN_FAULTS = 20;

export interface Rejects {
  /** True when any bad row stops the run. */
  readonly stops: boolean;
  /** Adds rows of (file, line, column, value, reason, row): the row as it stands, or the columns of it that are read. */
  add(select: string): Promise<void>;
  count(): Promise<number>;
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
    'CREATE TABLE rejects (file VARCHAR, line BIGINT, "column" VARCHAR, value VARCHAR, reason VARCHAR, "row" VARCHAR)',
  );
  let stages = 0;
  const count = async (): Promise<number> =>
    (await database.numbers('SELECT count(*) AS n FROM rejects'))['n'] ?? 0;
  return {
    stops: onError === 'stop',
    add: (select) => database.run(`INSERT INTO rejects ${select}`),
    count,
    room: () => (onError === 'stop' ? SHOWN_FAULTS : Number.POSITIVE_INFINITY),
    nextStage: () => stages++,
    stopIfAny: async () => {
      const total = await count();
      if (total === 0 || onError === 'reject') return;
      const rows = await database.rows(
        `SELECT file, line, "column", value, reason FROM rejects ORDER BY file, line LIMIT ${SHOWN_FAULTS}`,
      );
      const errors = rows.map((row) => badRow(row));
      throw new UserErrors(errors);
    },
    write: (path) => database.run(copyTo('FROM rejects ORDER BY file, line', path, 'FORMAT csv, HEADER')),
  };
}

function badRow(row: Readonly<Record<string, unknown>>): UserError {
  const { file, line, column, value, reason } = row;
  const place = `${file}:${line}${column ? ` column "${column}"` : ''}`;
  const shown =
    value === null || value === undefined ? 'The empty value' : `"${String(value).slice(0, 100)}"`;
  return new UserError({
    code: 'DATA_BAD_ROW',
    where: place,
    what: `${shown} is ${reason}.`,
    next: 'Correct the row or the descriptor, or run with --on-error reject to leave such rows out.',
  });
}
