// Tables on their way into sorted Parquet files: rows come in any order, the database keeps them and sorts them once, and puts on disk what does
// not fit into its memory.

import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppendedCell, TableAppender, TableColumns } from '../../database/append-table.js';
import { type Database, openDatabase } from '../../database/database.js';
import { copyTo, parquetFile } from '../../database/files.js';
import { isLackOfMemory } from '../../database/machine-limits.js';
import { ident, quoted } from '../../database/sql.js';
import type { RawColumn } from '../../prepared/raw-column.js';

const LEAST_MB = 640;
/** Rows of a row group of Parquet as DuckDB writes it, and how many groups it holds at a time: two being sorted, two being written. */
const GROUP_ROWS = 122_880;
const GROUPS = 4;
/** Times the memory of the store that one statement may take in the end. */
const MOST = 8;

/** What the database must hold in memory to write vectors of so many bytes: with less it gives up where they are wide. */
export const tablesMemoryMb = (vectorBytes: number): number =>
  Math.max(LEAST_MB, Math.ceil((GROUPS * GROUP_ROWS * vectorBytes) / 2 ** 20));

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
  append(table: string, rows: number, columns: readonly ColumnValues[]): void;
  /** Counts the rows of a file, with the columns that `write` gives it, to the table's own. */
  take(table: string, path: string): void;
  /** Writes all rows of the table, and the older ones, in order to a Parquet file: the same bytes in whatever pieces they came. */
  write(table: string, path: string, older?: OlderRows): Promise<void>;
  /** Closes the store and removes its files. */
  close(): Promise<void>;
}

interface StagedTable {
  readonly columns: TableColumns;
  readonly order: readonly [string, ...string[]];
  readonly appender: TableAppender;
  readonly taken: string[];
}

/** A store whose files lie in `folder` until it is closed. `memoryMb`: what the database holds in memory. */
export async function openTableStore(folder: string, memoryMb: number): Promise<TableStore> {
  const work = join(folder, 'staging.tmp');
  await mkdir(work);
  const database = await openDatabase({ spillDirectory: work, memoryLimitMb: memoryMb, threads: 2 });
  const tables = new Map<string, StagedTable>();
  /** All rows of a table that are its own, the columns `list`. */
  const own = (name: string, list: string): string => {
    const { appender, taken } = tables.get(name)!;
    appender.flush();
    const select = `SELECT ${list} FROM ${ident(name)}`;
    return taken.length === 0 ? select : `${select} UNION ALL SELECT ${list} FROM ${parquetFile(taken)}`;
  };
  return {
    async create(name, columns, order) {
      const appender = await database.createTable(name, columns);
      tables.set(name, { columns, order, appender, taken: [] });
    },
    append(name, rows, columns) {
      const { appender } = tables.get(name)!;
      appender.append(rows, columns.map(cellsOf));
      // Until then they lie in memory that counts for no limit.
      appender.flush();
    },
    take: (name, path) => void tables.get(name)!.taken.push(path),
    write(name, path, older) {
      const { order, columns } = tables.get(name)!;
      const list = Object.entries(columns).map(([column, type]) =>
        typeof type === 'object' ? `CAST(${ident(column)} AS FLOAT[]) AS ${ident(column)}` : ident(column),
      );
      const all = list.join(', ');
      const key = ident(order[0]);
      // An anti join goes to disk where NOT IN holds all keys in memory.
      const kept = (from: OlderRows): string =>
        `SELECT ${all} FROM ${parquetFile(from.path)} ANTI JOIN (${own(from.without, key)}) USING (${key})`;
      const parts = [own(name, all), ...(older === undefined ? [] : [kept(older)])];
      const sorted = `SELECT * FROM (${parts.join(' UNION ALL ')}) ORDER BY ${order.map(ident).join(', ')}`;
      return runWithMore(database, memoryMb, copyTo(sorted, path, 'FORMAT parquet, COMPRESSION zstd'));
    },
    async close() {
      for (const { appender } of tables.values()) appender.close();
      database.close();
      await rm(work, { recursive: true, force: true });
    },
  };
}

/** Runs it anew with twice the memory where it lacks some, up to MOST times as much: what a sort holds at once grows with its runs on disk. */
async function runWithMore(database: Database, memoryMb: number, sql: string): Promise<void> {
  for (let limit = memoryMb; ; limit *= 2)
    try {
      await database.run(sql);
      return;
    } catch (error) {
      if (!isLackOfMemory(error) || limit * 2 > memoryMb * MOST) throw error;
      await database.run(`SET memory_limit = ${quoted(`${limit * 2}MiB`)}`);
    }
}

function cellsOf(column: ColumnValues): ((row: number) => AppendedCell) | Float64Array | Float32Array {
  switch (column.kind) {
    case 'text':
      return (row) => column.values[row] || null;
    case 'texts':
    case 'bytes':
      return (row) => column.values[row]!;
    case 'number':
    case 'vector':
      return column.values;
  }
}
