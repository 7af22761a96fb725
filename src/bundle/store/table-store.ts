// Tables on their way into Parquet files: appended piece by piece, kept on disk, so that memory stays bounded.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppendedCell, TableAppender, TableColumns } from '../../database/append-table.js';
import { openDatabase } from '../../database/database.js';
import { copyTo } from '../../database/files.js';
import type { RawColumn } from '../../prepared/raw-column.js';

const MEMORY_MB = 1024;

/** Values of one column for some rows. Vectors lie one behind the other. Missing: '' , NaN, []. */
export type ColumnValues = RawColumn | { readonly kind: 'vector'; readonly values: Float32Array };

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
  const database = await openDatabase({ file, spillDirectory: spill, memoryLimitMb: MEMORY_MB, threads: 2 });
  const tables = new Map<string, TableAppender>();
  const flush = (): void => {
    for (const table of tables.values()) table.flush();
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
    async writeParquet(path, select) {
      flush();
      await database.run(copyTo(select, path, 'FORMAT parquet, COMPRESSION zstd'));
    },
    async close() {
      for (const table of tables.values()) table.close();
      database.close();
      for (const path of [file, `${file}.wal`, spill]) await rm(path, { recursive: true, force: true });
    },
  };
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
