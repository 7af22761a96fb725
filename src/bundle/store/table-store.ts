// Tables on their way into sorted Parquet files: rows come in any order, runs of them are sorted and kept on disk, so that memory stays bounded.

import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppendedCell, ColumnType, TableAppender, TableColumns } from '../../database/append-table.js';
import { type Database, openDatabase } from '../../database/database.js';
import { copyTo, parquetFile } from '../../database/files.js';
import { ident } from '../../database/sql.js';
import type { RawColumn } from '../../prepared/raw-column.js';
import { keyRanges } from './key-ranges.js';

const MEMORY_MB = 640;
/** About so many bytes are sorted at once: wide rows are more than fits where all of them are. */
const RUN_BYTES = 64 << 20;
/** Rows that DuckDB hands on together. */
const CHUNK_ROWS = 2048;
/** Of files that are read in ranges: small row groups, so that a range reads little beside its own. */
const RUN_FORMAT = 'FORMAT parquet, COMPRESSION uncompressed, ROW_GROUP_SIZE 6144';
const PIECE_FORMAT = 'FORMAT parquet, COMPRESSION uncompressed';

/** Values of one column for some rows. Vectors lie one behind the other. Missing: '' , NaN, []. */
type ColumnValues =
  | RawColumn
  | { readonly kind: 'vector'; readonly values: Float32Array }
  | { readonly kind: 'bytes'; readonly values: readonly Uint8Array[] };

/** Rows of an older file that are kept: those whose key no row of the table `without` has. */
interface OlderRows {
  readonly path: string;
  readonly without: string;
}

interface TableStore {
  /** `order`: columns that rows are sorted by; the first is the key, a text. */
  create(table: string, columns: TableColumns, order: readonly [string, ...string[]]): Promise<void>;
  /** Appends rows, columns in the table's order. */
  append(table: string, rows: number, columns: readonly ColumnValues[]): Promise<void>;
  /** Counts the rows of a file, sorted as the table is, to its own. */
  take(table: string, path: string): Promise<void>;
  /** Writes all rows of the table, and the older ones, in order to a Parquet file: the same bytes in whatever pieces they are sorted. */
  write(table: string, path: string, older?: OlderRows): Promise<void>;
  /** Closes the store and removes its files. */
  close(): Promise<void>;
}

interface StagedTable {
  readonly columns: TableColumns;
  readonly order: readonly [string, ...string[]];
  readonly width: number;
  readonly runs: string[];
  appender: TableAppender;
  /** Since the last run, and in all. */
  staged: number;
  rows: number;
}

/** A store whose files lie in `folder` until it is closed. `runBytes`: what fits into memory together. */
export async function openTableStore(folder: string, runBytes = RUN_BYTES): Promise<TableStore> {
  const work = join(folder, 'staging.tmp');
  await mkdir(work);
  const database = await openDatabase({ spillDirectory: work, memoryLimitMb: MEMORY_MB, threads: 2 });
  const tables = new Map<string, StagedTable>();
  const endRun = async (name: string, table: StagedTable): Promise<void> => {
    table.appender.close();
    const run = join(work, `${name}-run${table.runs.length}.parquet`);
    const sorted = `SELECT * FROM ${ident(name)} ORDER BY ${table.order.map(ident).join(', ')}`;
    await database.run(copyTo(sorted, run, RUN_FORMAT));
    await database.run(`DROP TABLE ${ident(name)}`);
    table.runs.push(run);
    table.appender = await database.createTable(name, table.columns);
    table.staged = 0;
  };
  /** All that was put of a table, in one place. */
  const settled = async (name: string): Promise<string> => {
    const table = tables.get(name)!;
    table.appender.flush();
    if (table.runs.length > 0 && table.staged > 0) await endRun(name, table);
    return table.runs.length === 0 ? ident(name) : parquetFile(table.runs);
  };
  return {
    async create(name, columns, order) {
      const width = Object.values(columns).reduce<number>((sum, type) => sum + bytesOf(type), 0);
      const appender = await database.createTable(name, columns);
      tables.set(name, { columns, order, width, runs: [], appender, staged: 0, rows: 0 });
    },
    async append(name, rows, columns) {
      const table = tables.get(name)!;
      table.appender.append(rows, columns.map(cellsOf));
      table.staged += rows;
      table.rows += rows;
      if (table.staged * table.width >= runBytes) await endRun(name, table);
    },
    async take(name, path) {
      const table = tables.get(name)!;
      table.runs.push(path);
      table.rows += await rowsOf(database, parquetFile(path));
    },
    async write(name, path, older) {
      const table = tables.get(name)!;
      const { order, columns, width, rows } = table;
      const key = ident(order[0]);
      const [fresh, replaced] = [await settled(name), older && (await settled(older.without))];
      const list = Object.entries(columns).map(([column, type]) =>
        typeof type === 'object' ? `CAST(${ident(column)} AS FLOAT[]) AS ${ident(column)}` : ident(column),
      );
      /** Rows whose keys are in a range, in order. */
      const within = (range: string): string => {
        const select = `SELECT ${list.join(', ')} FROM`;
        const parts = [`${select} ${fresh} WHERE ${range}`];
        if (older !== undefined)
          parts.push(`${select} ${parquetFile(older.path)} WHERE ${range}
            AND ${key} NOT IN (SELECT ${key} FROM ${replaced} WHERE ${range})`);
        return `SELECT * FROM (${parts.join(' UNION ALL BY NAME ')}) ORDER BY ${order.map(ident).join(', ')}`;
      };
      const sources = [fresh, ...(older === undefined ? [] : [parquetFile(older.path)])];
      const all = rows + (older === undefined ? 0 : await rowsOf(database, parquetFile(older.path)));
      const ranges = await keyRanges(database, sources, key, Math.ceil((all * width) / runBytes));
      const whole = 'FORMAT parquet, COMPRESSION zstd';
      if (ranges.length === 1) return database.run(copyTo(within(ranges[0]!), path, whole));
      const pieces = ranges.map((_range, i) => join(work, `${name}-piece${i}.parquet`));
      await database.run(`CREATE TABLE rest AS ${within('false')}`);
      for (const [i, range] of ranges.entries()) {
        await database.run(
          `CREATE TABLE piece AS SELECT * FROM rest UNION ALL BY NAME SELECT * FROM (${within(range)})`,
        );
        // A piece of whole chunks but the last: else row groups would depend on where the pieces part.
        const n = await rowsOf(database, 'piece');
        const rest = i === ranges.length - 1 ? 0 : n % CHUNK_ROWS;
        await database.run(copyTo(`SELECT * FROM piece LIMIT ${n - rest}`, pieces[i]!, PIECE_FORMAT));
        await database.run(`CREATE OR REPLACE TABLE rest AS SELECT * FROM piece OFFSET ${n - rest}`);
        await database.run('DROP TABLE piece');
      }
      await database.run('DROP TABLE rest');
      await database.run(copyTo(`SELECT * FROM ${parquetFile(pieces)}`, path, whole));
      for (const piece of pieces) await rm(piece);
    },
    async close() {
      for (const { appender } of tables.values()) appender.close();
      database.close();
      await rm(work, { recursive: true, force: true });
    },
  };
}

const rowsOf = async (database: Database, relation: string): Promise<number> =>
  (await database.numbers(`SELECT count(*) AS n FROM ${relation}`))['n']!;

/** About what a value takes. */
const bytesOf = (type: ColumnType): number =>
  typeof type === 'object'
    ? 4 * type.vector
    : { text: 24, texts: 64, number: 8, integer: 4, milliseconds: 8, bytes: 256 }[type];

function cellsOf(column: ColumnValues): ((row: number) => AppendedCell) | Float32Array {
  switch (column.kind) {
    case 'text':
      return (row) => column.values[row] || null;
    case 'texts':
    case 'bytes':
      return (row) => column.values[row]!;
    case 'number':
      return (row) => (Number.isNaN(column.values[row]!) ? null : column.values[row]!);
    case 'vector':
      return column.values;
  }
}
