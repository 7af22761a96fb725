// Tables on their way into Parquet files: appended piece by piece, kept on disk, so that memory stays bounded.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ARRAY,
  arrayValue,
  BIGINT,
  DOUBLE,
  type DuckDBAppender,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
  type DuckDBValue,
  FLOAT,
  INTEGER,
  LIST,
  listValue,
  VARCHAR,
} from '@duckdb/node-api';
import { ident, quoted } from '../../database/sql.js';
import type { RawColumn } from '../../serving/columns/raw-column.js';

/** Rows that DuckDB takes in one piece. */
const CHUNK = 2048;
const MEMORY_MB = 1024;

export type ColumnType = RawColumn['kind'] | 'integer' | 'milliseconds' | { readonly vector: number };
/** Column types by name, in order. */
export type TableColumns = Readonly<Record<string, ColumnType>>;

/** Values of one column for some rows. Vectors lie one behind the other. Missing: '' , NaN, []. */
export type ColumnValues =
  | RawColumn
  | { readonly kind: 'vector'; readonly size: number; readonly values: Float32Array };

export interface TableStore {
  create(table: string, columns: TableColumns): Promise<void>;
  /** Appends rows, columns in the table's order. */
  append(table: string, rows: number, columns: readonly ColumnValues[]): void;
  /** Runs SQL over the tables. */
  run(sql: string): Promise<void>;
  /** Writes what `select` gives to a Parquet file. */
  writeParquet(path: string, select: string): Promise<void>;
  /** Closes the store and removes its files. */
  close(): Promise<void>;
}

/** A store whose files lie in `folder` until it is closed. */
export async function openTableStore(folder: string): Promise<TableStore> {
  const file = join(folder, 'staging.duckdb');
  const spill = join(folder, 'staging.tmp');
  const instance = await DuckDBInstance.create(file, {
    threads: '2',
    memory_limit: `${MEMORY_MB}MiB`,
    temp_directory: spill,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  const appenders = new Map<string, { appender: DuckDBAppender; types: readonly DuckDBType[] }>();
  const flush = (): void => {
    for (const { appender } of appenders.values()) appender.flushSync();
  };
  return {
    async create(table, columns) {
      const types = Object.values(columns).map(duckType);
      const list = Object.keys(columns).map((name, c) => `${ident(name)} ${String(types[c])}`);
      await connection.run(`CREATE TABLE ${ident(table)} (${list.join(', ')})`);
      appenders.set(table, { appender: await connection.createAppender(table), types });
    },
    append(table, rows, columns) {
      const { appender, types } = appenders.get(table)!;
      for (let start = 0; start < rows; start += CHUNK) {
        const size = Math.min(CHUNK, rows - start);
        const chunk = DuckDBDataChunk.create(types, size);
        columns.forEach((column, c) => {
          const at = cellReader(column, types[c]!);
          chunk.setColumnValues(
            c,
            Array.from({ length: size }, (_, i) => at(start + i)),
          );
        });
        appender.appendDataChunk(chunk);
      }
    },
    async run(sql) {
      flush();
      await connection.run(sql);
    },
    async writeParquet(path, select) {
      flush();
      await connection.run(`COPY (${select}) TO ${quoted(path)} (FORMAT parquet, COMPRESSION zstd)`);
    },
    async close() {
      for (const { appender } of appenders.values()) appender.closeSync();
      connection.closeSync();
      instance.closeSync();
      for (const path of [file, `${file}.wal`, spill]) await rm(path, { recursive: true, force: true });
    },
  };
}

function duckType(type: ColumnType): DuckDBType {
  if (typeof type === 'object') return ARRAY(FLOAT, type.vector);
  return { text: VARCHAR, texts: LIST(VARCHAR), number: DOUBLE, integer: INTEGER, milliseconds: BIGINT }[
    type
  ];
}

function cellReader(column: ColumnValues, type: DuckDBType): (row: number) => DuckDBValue {
  switch (column.kind) {
    case 'text':
      return (row) => column.values[row] || null;
    case 'texts':
      return (row) => listValue(column.values[row]!);
    case 'number':
      return (row) => {
        const value = column.values[row]!;
        if (Number.isNaN(value)) return null;
        return type === BIGINT ? BigInt(value) : value;
      };
    case 'vector': {
      const { values, size } = column;
      return (row) => arrayValue(Array.from(values.subarray(row * size, (row + 1) * size)));
    }
  }
}
