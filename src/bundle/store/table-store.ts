// Tables on their way into Parquet files: appended piece by piece, kept on disk, so that memory stays bounded.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppendedCell, TableAppender, TableColumns } from '../../database/append-table.js';
import { type Database, openDatabase } from '../../database/database.js';
import { copyTo } from '../../database/files.js';
import { quoted } from '../../database/sql.js';
import type { RawColumn } from '../../prepared/raw-column.js';

const MEMORY_MB = 1024;
const SORTED_AT_ONCE = 250_000;
/** Rows that say where a table is parted. */
const SAMPLED = 20_000;

/** Values of one column for some rows. Vectors lie one behind the other. Missing: '' , NaN, []. */
export type ColumnValues = RawColumn | { readonly kind: 'vector'; readonly values: Float32Array };

export interface TableStore {
  create(table: string, columns: TableColumns): Promise<void>;
  /** Appends rows, columns in the table's order. */
  append(table: string, rows: number, columns: readonly ColumnValues[]): void;
  /** Runs SQL over the tables. */
  run(sql: string): Promise<void>;
  /** Writes what `select` gives to a Parquet file, in the order of `order`, which begins with `entity`. */
  writeSorted(path: string, select: string, order: string): Promise<void>;
  /** Writes what `select` gives to a Parquet file. */
  writeParquet(path: string, select: string): Promise<void>;
  /** Closes the store and removes its files. */
  close(): Promise<void>;
}

/** A store whose files lie in `folder` until it is closed. `sortedAtOnce`: rows that fit into memory together. */
export async function openTableStore(folder: string, sortedAtOnce = SORTED_AT_ONCE): Promise<TableStore> {
  const file = join(folder, 'staging.duckdb');
  const spill = join(folder, 'staging.tmp');
  const database = await openDatabase({ file, spillDirectory: spill, memoryLimitMb: MEMORY_MB, threads: 2 });
  const tables = new Map<string, TableAppender>();
  const flush = (): void => {
    for (const table of tables.values()) table.flush();
  };
  const writeParquet = async (path: string, select: string): Promise<void> => {
    flush();
    await database.run(copyTo(select, path, 'FORMAT parquet, COMPRESSION zstd'));
  };
  return {
    async create(table, columns) {
      tables.set(table, await database.createTable(table, columns));
    },
    append(table, rows, columns) {
      tables.get(table)!.append(rows, columns.map(cellsOf));
    },
    async run(sql) {
      flush();
      await database.run(sql);
    },
    writeParquet,
    async writeSorted(path, select, order) {
      flush();
      const ranges = await entityRanges(database, select, sortedAtOnce);
      if (ranges.length === 1) return writeParquet(path, `SELECT * FROM (${select}) ORDER BY ${order}`);
      // Wide rows are more than fits where all of them are sorted at once.
      await database.run(`CREATE TABLE sorted AS SELECT * FROM (${select}) LIMIT 0`);
      for (const range of ranges)
        await database.run(`INSERT INTO sorted SELECT * FROM (${select}) WHERE ${range} ORDER BY ${order}`);
      await writeParquet(path, 'FROM sorted');
      await database.run('DROP TABLE sorted');
    },
    async close() {
      for (const table of tables.values()) table.close();
      database.close();
      for (const path of [file, `${file}.wal`, spill]) await rm(path, { recursive: true, force: true });
    },
  };
}

/** Conditions on `entity` that part rows into pieces which can be sorted, in their order; where they part changes no result. */
async function entityRanges(database: Database, select: string, atOnce: number): Promise<readonly string[]> {
  const { rows = 0 } = await database.numbers(`SELECT count(*) AS rows FROM (${select})`);
  const pieces = Math.ceil(rows / atOnce);
  if (pieces <= 1) return ['true'];
  const sample = await database.rows(
    `SELECT entity FROM (SELECT entity FROM (${select})) USING SAMPLE reservoir(${SAMPLED} ROWS) REPEATABLE (1) ORDER BY entity`,
  );
  const cuts = Array.from({ length: pieces - 1 }, (_, i) =>
    quoted(String(sample[Math.floor(((i + 1) * sample.length) / pieces)]!['entity'])),
  );
  const ends = [...new Set(cuts)];
  return [...ends, undefined].map((end, i) =>
    [
      ...(i === 0 ? [] : [`entity >= ${ends[i - 1]}`]),
      ...(end === undefined ? [] : [`entity < ${end}`]),
    ].join(' AND '),
  );
}

function cellsOf(column: ColumnValues): ((row: number) => AppendedCell) | Float32Array {
  switch (column.kind) {
    case 'text':
      return (row) => column.values[row] || null;
    case 'texts':
      return (row) => column.values[row]!;
    case 'number':
      return (row) => (Number.isNaN(column.values[row]!) ? null : column.values[row]!);
    case 'vector':
      return column.values;
  }
}
