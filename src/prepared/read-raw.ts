// Rows of raw values out of SQL: NULL becomes the missing value of its kind.
import {
  type ColumnVector,
  type Database,
  doublesIn,
  listMembers,
  openDatabase,
} from '../database/database.js';
import { ident } from '../database/sql.js';
import type { RawColumn, RawPiece } from './raw-column.js';

/** Memory of a database that reads Parquet files: a few row groups at a time. */
const READER_MEMORY_MB = 512;

export function openReader(): Promise<Database> {
  return openDatabase({ memoryLimitMb: READER_MEMORY_MB, threads: 1 });
}

export type ColumnKinds = Readonly<Record<string, RawColumn['kind']>>;

/** What a query gives, piece by piece. */
export async function* readRaw(
  database: Database,
  select: string,
  kinds: ColumnKinds,
): AsyncGenerator<RawPiece> {
  const columns = Object.entries(kinds);
  const list = columns.map(([name, kind]) =>
    kind === 'number' ? `CAST(${ident(name)} AS DOUBLE) AS ${ident(name)}` : ident(name),
  );
  const result = await database.stream(`SELECT ${list.join(', ')} FROM (${select})`);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    const read = columns.map(([name, kind], c) => [name, toRaw(kind, chunk.getColumnVector(c))] as const);
    yield { rows: chunk.rowCount, columns: new Map(read) };
  }
}

function toRaw(kind: RawColumn['kind'], vector: ColumnVector): RawColumn {
  if (kind === 'number') return { kind, values: doublesIn(vector) };
  const values = new Array<unknown>(vector.itemCount);
  for (let row = 0; row < values.length; row++) values[row] = vector.getItem(row);
  return kind === 'text'
    ? { kind, values: values.map((value) => (value ?? '') as string) }
    : { kind, values: values.map((value) => listMembers(value).map(String)) };
}
