// The tables of a bundle in a folder as rows to publish: all of them, or those of entities whose vectors changed.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bytesIn, listedFloats } from '../../database/database.js';
import { parquetFile } from '../../database/files.js';
import { joinedPieces, type RawColumn, type RawPiece } from '../../prepared/raw-column.js';
import { type ColumnKinds, openReader, readRaw } from '../../prepared/read-raw.js';
import { BUNDLE_FILES } from '../format/files.js';
import { columnKind } from '../format/raw-tensor.js';
import { packVector } from '../format/vector-type.js';
import type { StoreLayout } from '../store/store.js';
import type { StoredRow } from './driver.js';
import { columnsBytes, KEY } from './row-values.js';

type BundleRow = Omit<StoredRow, 'version'>;

/** Columns of support rows besides event features. */
export const SUPPORT_KINDS = { item: 'text', timestamp_ms: 'number', label: 'number' } as const;

export const kindsOf = (inputs: StoreLayout['event']): ColumnKinds =>
  Object.fromEntries(inputs.map((input) => [input.name, columnKind(input)]));

/** Rows piece by piece. `changed`: a Parquet file that names the entities to take; else all, and the features of entities and items too. */
export async function* bundleRows(
  folder: string,
  layout: StoreLayout,
  changed?: string,
): AsyncGenerator<readonly BundleRow[]> {
  const chosen = changed === undefined ? '' : `WHERE entity IN (SELECT entity FROM ${parquetFile(changed)})`;
  if (layout.dimensions !== null) {
    yield* vectorRows(`FROM ${parquetFile(join(folder, BUNDLE_FILES.embeddings))} ${chosen}`, layout);
    const support = `SELECT * FROM ${parquetFile(join(folder, BUNDLE_FILES.support))} ${chosen} ORDER BY entity, place`;
    yield* groupedRows(support, 'entity', { ...SUPPORT_KINDS, ...kindsOf(layout.event) }, KEY.support);
  }
  if (changed !== undefined) return;
  for (const side of ['entity', 'item'] as const) {
    const path = join(folder, BUNDLE_FILES[side === 'entity' ? 'entities' : 'items']);
    if (layout[side].length === 0 || !existsSync(path)) continue;
    yield* groupedRows(`SELECT * FROM ${parquetFile(path)}`, side, kindsOf(layout[side]), KEY[side]);
  }
}

async function* vectorRows(
  from: string,
  { vectorType, dimensions }: StoreLayout,
): AsyncGenerator<readonly BundleRow[]> {
  const database = await openReader();
  try {
    const result = await database.stream(`SELECT entity, vector ${from}`);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return;
      const column = chunk.getColumnVector(1);
      const size = dimensions!;
      const floats = vectorType === 'float32' ? listedFloats(column) : undefined;
      yield chunk.getColumnValues(0).map((entity, i) => ({
        key: KEY.vector(String(entity)),
        value: floats
          ? packVector('float32', floats.subarray(i * size, (i + 1) * size))
          : Uint8Array.from(bytesIn(column, i)),
      }));
    }
  } finally {
    database.close();
  }
}

/** Rows of one ID, which lie beside each other, as one row of columns. */
async function* groupedRows(
  select: string,
  id: string,
  kinds: ColumnKinds,
  keyOf: (id: string) => string,
): AsyncGenerator<readonly BundleRow[]> {
  const database = await openReader();
  try {
    let held: RawPiece | undefined;
    for await (const piece of readRaw(database, select, { [id]: 'text', ...kinds })) {
      const joined: RawPiece = held === undefined ? piece : joinedPieces([held, piece]);
      const ids = joined.columns.get(id)!.values as readonly string[];
      // The last ID's rows may go on in the next piece.
      const cut = ids.indexOf(ids[joined.rows - 1]!);
      if (cut > 0) yield groups(joined, id, 0, cut, keyOf);
      held = sliced(joined, cut);
    }
    if (held !== undefined) yield groups(held, id, 0, held.rows, keyOf);
  } finally {
    database.close();
  }
}

function groups(
  { columns }: RawPiece,
  id: string,
  from: number,
  to: number,
  keyOf: (id: string) => string,
): readonly BundleRow[] {
  const ids = columns.get(id)!.values as readonly string[];
  const rest = new Map([...columns].filter(([name]) => name !== id));
  const rows: BundleRow[] = [];
  for (let start = from; start < to; ) {
    let end = start + 1;
    while (end < to && ids[end] === ids[start]) end++;
    rows.push({ key: keyOf(ids[start]!), value: columnsBytes(rest, start, end) });
    start = end;
  }
  return rows;
}

const sliced = ({ rows, columns }: RawPiece, from: number): RawPiece => ({
  rows: rows - from,
  columns: new Map(
    [...columns].map(([name, column]) => [
      name,
      { ...column, values: column.values.slice(from) } as RawColumn,
    ]),
  ),
});
