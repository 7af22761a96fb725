// The door to DuckDB: bounded memory, spilling to a folder of ours, never touching the network. No other room opens one.
import type {
  DuckDBConnection,
  DuckDBInstance,
  DuckDBListVector,
  DuckDBResult,
  DuckDBVector,
} from '@duckdb/node-api';
import { InternalError } from '../errors.js';
import { createTable, type TableAppender, type TableColumns } from './append-table.js';
import { duckdb } from './duckdb.js';
import { scratchFile } from './scratch-file.js';
import { quoted } from './sql.js';

type Cell = string | number | boolean | null | readonly Cell[];
export type Row = Readonly<Record<string, Cell>>;

interface DatabaseOptions {
  /** Scratch file of the database, which the caller removes; in memory when left out. */
  readonly file?: string;
  /** Folder for what does not fit into memory. */
  readonly spillDirectory?: string;
  readonly memoryLimitMb: number;
  readonly threads: number;
}

export interface Database {
  run(sql: string): Promise<void>;
  /** All rows of a small result. */
  rows(sql: string): Promise<readonly Row[]>;
  /** The only row of a result as numbers; NULL becomes NaN. */
  numbers(sql: string): Promise<Readonly<Record<string, number>>>;
  stream(sql: string): Promise<DuckDBResult>;
  /** Makes a table that is filled from memory. */
  createTable(table: string, columns: TableColumns): Promise<TableAppender>;
  close(): void;
}

/** Opens a database. Extensions are never fetched: what we need is built in. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const scratch = options.file === undefined ? undefined : scratchFile(options.file);
  const instance = await duckdb.DuckDBInstance.create(scratch?.path ?? ':memory:', {
    threads: String(options.threads),
    memory_limit: `${Math.round(options.memoryLimitMb)}MiB`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    ...(options.spillDirectory === undefined ? {} : { temp_directory: options.spillDirectory }),
  });
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = ${quoted('UTC')}`);
  // Tables live for minutes: analysing how to compress them costs more than half of the time that loading takes.
  await connection.run(`SET force_compression = ${quoted('uncompressed')}`);
  return wrap(instance, connection, () => scratch?.leave());
}

function wrap(instance: DuckDBInstance, connection: DuckDBConnection, closed: () => void): Database {
  const rows = async (sql: string): Promise<readonly Row[]> => {
    const reader = await connection.runAndReadAll(sql);
    return reader
      .getRowObjectsJS()
      .map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, plain(value)])));
  };
  return {
    run: async (sql) => {
      await connection.run(sql);
    },
    rows,
    numbers: async (sql) => {
      const [row] = await rows(sql);
      const values = Object.entries(row ?? {});
      return Object.fromEntries(
        values.map(([key, value]) => [key, value === null ? Number.NaN : Number(value)]),
      );
    },
    stream: (sql) => connection.stream(sql),
    createTable: (table, columns) => createTable(connection, table, columns),
    close: () => {
      connection.closeSync();
      instance.closeSync();
      closed();
    },
  };
}

function plain(value: unknown): Cell {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  return String(value);
}

/** A column of lists, for reading its members in one block. Throws `InternalError` for a column of anything else. */
export function listColumn(vector: DuckDBVector): DuckDBListVector {
  if (!(vector instanceof duckdb.DuckDBListVector)) throw new InternalError('the column holds no lists');
  return vector;
}

/** The floats of a column of lists, those of all rows one behind the other. Throws `InternalError` for a column of anything else. */
export function listedFloats(vector: DuckDBVector): Float32Array {
  // The package (of one pinned version) has no public way in; item by item takes ten times as long.
  const { items } = listColumn(vector).childVector as unknown as { readonly items?: unknown };
  if (!(items instanceof Float32Array)) throw new InternalError('the lists hold no floats');
  return items;
}

/** The numbers of a column of doubles, a copy; NULL becomes NaN. Throws `InternalError` for a column of anything else. */
export function doublesIn(vector: DuckDBVector): Float64Array {
  // The package (of one pinned version) has no public way in; item by item takes several times as long.
  const { items } = vector as unknown as { readonly items?: unknown };
  if (!(items instanceof Float64Array)) throw new InternalError('the column holds no doubles');
  const numbers = items.slice();
  for (let row = 0; row < numbers.length; row++) if (vector.getItem(row) === null) numbers[row] = Number.NaN;
  return numbers;
}

/** The value of a column of bytes, read only. Throws `InternalError` for a column of anything else. */
export function bytesIn(vector: DuckDBVector, row: number): Uint8Array {
  const bytes = vector instanceof duckdb.DuckDBBlobVector ? vector.getItemBytes(row) : null;
  if (bytes === null) throw new InternalError('the column holds no bytes');
  return bytes;
}

/** The members of a list value; none of NULL. */
export const listMembers = (value: unknown): readonly unknown[] =>
  value instanceof duckdb.DuckDBListValue ? value.items : [];

/** Version of DuckDB itself. */
export const databaseVersion = (): string => duckdb.version();

export type { DuckDBVector as ColumnVector };
