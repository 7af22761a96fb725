// Rows from memory into a table, a chunk at a time.
import type { DuckDBConnection, DuckDBType, DuckDBValue, DuckDBVector } from '@duckdb/node-api';
import { InternalError } from '../errors.js';
import { duckdb } from './duckdb.js';
import { ident } from './sql.js';

const { ARRAY, BIGINT, BLOB, blobValue, DOUBLE, DuckDBDataChunk, FLOAT, INTEGER, LIST, listValue, VARCHAR } =
  duckdb;

/** Rows that DuckDB takes in one piece. */
const CHUNK = 2048;

/** `number` is a DOUBLE, `milliseconds` a BIGINT, `vector` a FLOAT array of that length. */
export type ColumnType =
  | 'text'
  | 'texts'
  | 'number'
  | 'integer'
  | 'milliseconds'
  | 'bytes'
  | { readonly vector: number };

/** Column types by name, in order. */
export type TableColumns = Readonly<Record<string, ColumnType>>;

/** A value of a column of the type that it goes into; null is NULL. */
export type AppendedCell = string | number | null | readonly string[] | Uint8Array;

export interface TableAppender {
  /**
   * Appends `rows` rows, columns in the table's order: `cells` gives a column's value by row, its numbers (NaN is NULL), or the vectors of
   * all rows.
   */
  append(
    rows: number,
    cells: readonly (((row: number) => AppendedCell) | Float64Array | Float32Array)[],
  ): void;
  /** Makes all that was appended visible to queries. */
  flush(): void;
  close(): void;
}

/** Makes the table and what fills it. */
export async function createTable(
  connection: DuckDBConnection,
  table: string,
  columns: TableColumns,
): Promise<TableAppender> {
  const kinds = Object.values(columns);
  const types = kinds.map(duckType);
  const list = Object.keys(columns).map((name, c) => `${ident(name)} ${String(types[c])}`);
  await connection.run(`CREATE TABLE ${ident(table)} (${list.join(', ')})`);
  const appender = await connection.createAppender(table);
  // One for all rows: each would hold its memory until garbage is collected, which the collector does not know to be large.
  const chunk = DuckDBDataChunk.create(types);
  return {
    append(rows, cells) {
      for (let start = 0; start < rows; start += CHUNK) {
        const size = Math.min(CHUNK, rows - start);
        chunk.reset();
        chunk.rowCount = size;
        cells.forEach((at, c) => {
          if (at instanceof Float32Array) {
            putVectors(
              chunk.getColumnVector(c),
              at.subarray((start * at.length) / rows, ((start + size) * at.length) / rows),
            );
            return;
          }
          if (at instanceof Float64Array) {
            putNumbers(chunk.getColumnVector(c), at.subarray(start, start + size));
            return;
          }
          const values: DuckDBValue[] = [];
          for (let row = start; row < start + size; row++) values.push(duckValue(at(row), kinds[c]!));
          chunk.setColumnValues(c, values);
        });
        appender.appendDataChunk(chunk);
      }
    },
    flush: () => appender.flushSync(),
    close: () => appender.closeSync(),
  };
}

function duckType(type: ColumnType): DuckDBType {
  if (typeof type === 'object') return ARRAY(FLOAT, type.vector);
  return {
    text: VARCHAR,
    texts: LIST(VARCHAR),
    number: DOUBLE,
    integer: INTEGER,
    milliseconds: BIGINT,
    bytes: BLOB,
  }[type];
}

function duckValue(cell: AppendedCell, type: ColumnType): DuckDBValue {
  if (cell === null || typeof cell === 'string') return cell;
  if (typeof cell === 'number') return type === 'milliseconds' ? BigInt(cell) : cell;
  if (cell instanceof Uint8Array) return blobValue(cell);
  return listValue(cell);
}

/** Sets all arrays of a chunk in one block: value by value takes twenty times as long. */
function putVectors(vector: DuckDBVector, floats: Float32Array): void {
  // The package (of one pinned version) has no public way in.
  const { items } = (vector as unknown as { readonly childData: { readonly items?: unknown } }).childData;
  if (!(items instanceof Float32Array) || items.length !== floats.length)
    throw new InternalError('a column of vectors is not what DuckDB was asked for');
  items.set(floats);
  vector.flush();
}

/** Sets the numbers of a chunk in one block. */
function putNumbers(vector: DuckDBVector, numbers: Float64Array): void {
  const { items } = vector as unknown as { readonly items?: unknown };
  const settable = vector as unknown as { setItem(row: number, value: null): void };
  if (items instanceof Float64Array) items.set(numbers);
  else if (items instanceof Int32Array) items.set(numbers);
  else if (items instanceof BigInt64Array)
    for (let row = 0; row < numbers.length; row++)
      items[row] = Number.isNaN(numbers[row]!) ? 0n : BigInt(numbers[row]!);
  else throw new InternalError('a column of numbers is not what DuckDB was asked for');
  for (let row = 0; row < numbers.length; row++) {
    const number = numbers[row]!;
    if (Number.isNaN(number)) settable.setItem(row, null);
    else if (items instanceof Int32Array && items[row] !== number)
      throw new InternalError(`${number} is no 32-bit integer`);
  }
  vector.flush();
}
