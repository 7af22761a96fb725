// Parquet columns into typed arrays, chunk by chunk.

import { type ColumnVector, type Database, listColumn } from '../database/database.js';
import { parquetFile } from '../database/files.js';
import { ident } from '../database/sql.js';
import { InternalError, UserError } from '../errors.js';
import type { FeatureColumn, FeatureTable } from './dataset.js';
import { encodedNumber } from './encode-number.js';
import { type FeatureSpec, hasVocabulary } from './manifest.js';

/** A column to read: where its numbers go. */
type Sink = (vector: ColumnVector, at: number, rows: number) => void;

export interface ColumnReader {
  readonly sql: string;
  readonly sink: Sink;
}

interface NumberArray {
  [index: number]: number;
}

/** Reads a column that is never NULL into `out`. `cast` makes DuckDB hand over numbers rather than big integers. */
export function numbersInto(column: string, out: NumberArray, cast?: 'DOUBLE'): ColumnReader {
  return {
    sql: cast === undefined ? ident(column) : `CAST(${ident(column)} AS ${cast})`,
    sink: (vector, at, rows) => {
      for (let row = 0; row < rows; row++) out[at + row] = vector.getItem(row) as number;
    },
  };
}

/**
 * Reads a Parquet file of a prepared folder in its own order.
 * Throws `UserError` PREPARED_DAMAGED when it lacks a column or does not hold exactly `rows` rows.
 */
export async function readColumns(
  database: Database,
  path: string,
  rows: number,
  readers: readonly ColumnReader[],
): Promise<void> {
  try {
    await readQuery(database, parquetFile(path), rows, readers);
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new UserError(
      {
        code: 'PREPARED_DAMAGED',
        where: path,
        what: `The file is not what the manifest says: ${reason}.`,
        next: 'Run "limaml prep" again, or hold the file to docs/prepared-format.md.',
      },
      { cause: error },
    );
  }
}

/** Reads a relation in its own order. Throws when it does not hold exactly `rows` rows. */
export async function readQuery(
  database: Database,
  relation: string,
  rows: number,
  readers: readonly ColumnReader[],
): Promise<void> {
  const result = await database.stream(
    `SELECT ${readers.map((reader) => reader.sql).join(', ')} FROM ${relation}`,
  );
  let at = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    if (at + chunk.rowCount > rows) throw new InternalError(`${relation} holds more than ${rows} rows`);
    for (const [index, reader] of readers.entries())
      reader.sink(chunk.getColumnVector(index), at, chunk.rowCount);
    at += chunk.rowCount;
  }
  if (at !== rows) throw new InternalError(`${relation} holds ${at} rows, not ${rows}`);
}

/** Readers for features and, once they have run, the table that they filled. */
export function featureReaders(
  specs: readonly FeatureSpec[],
  rows: number,
  version: number,
): { readonly readers: readonly ColumnReader[]; finish(): FeatureTable } {
  const parts = specs.map((spec) => featureReader(spec, rows, version));
  return {
    readers: parts.map((part) => part.reader),
    finish: () => new Map(parts.map((part) => [part.name, part.finish()])),
  };
}

function featureReader(
  spec: FeatureSpec,
  rows: number,
  version: number,
): { readonly name: string; readonly reader: ColumnReader; finish(): FeatureColumn } {
  const { name } = spec;
  if (spec.kind === 'numeric') {
    const values = new Float32Array(rows);
    return {
      name,
      reader: numberReader(spec, values, version),
      finish: () => ({ kind: 'numeric', name, values }),
    };
  }
  if (spec.kind === 'categorical') {
    const indices = new Int32Array(rows);
    const { size } = spec;
    return {
      name,
      reader: hasVocabulary(spec) ? numbersInto(name, indices) : numberReader(spec, indices, version),
      finish: () => ({ kind: 'categorical', name, size, indices }),
    };
  }
  const offsets = new Int32Array(rows + 1);
  let indices = new Int32Array(Math.max(16, rows));
  const sink: Sink = (vector, at, count) => {
    const lists = listColumn(vector);
    const child = lists.childVector;
    let end = offsets[at]!;
    for (let row = 0; row < count; row++) {
      const length = lists.getEntryLength(row);
      const start = lists.getEntryOffset(row);
      if (end + length > indices.length) indices = grown(indices, end + length);
      for (let place = 0; place < length; place++) indices[end++] = child.getItem(start + place) as number;
      offsets[at + row + 1] = end;
    }
  };
  return {
    name,
    reader: { sql: ident(name), sink },
    finish: () => ({
      kind: 'multi',
      name,
      size: spec.size,
      offsets,
      indices: indices.slice(0, offsets[rows]),
    }),
  };
}

/** Reads a number as a model is given it; version 1 holds it so. */
function numberReader(spec: FeatureSpec, out: NumberArray, version: number): ColumnReader {
  const reader = numbersInto(spec.name, out);
  return version === 1 ? reader : { ...reader, sql: encodedNumber(spec, ident(spec.name)) };
}

function grown(values: Int32Array<ArrayBuffer>, needed: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(needed, values.length * 2));
  larger.set(values);
  return larger;
}
