// Writes a bundle's Parquet files: rows are put piece by piece, kept on disk, and sorted at the end.
import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TableColumns } from '../../database/append-table.js';
import { openDatabase } from '../../database/database.js';
import { parquetFile } from '../../database/files.js';
import type { RawColumn, RawPiece } from '../../prepared/raw-column.js';
import { BUNDLE_FILES } from '../format/files.js';
import type { RawInput } from '../format/raw-input.js';
import { columnKind } from '../format/raw-tensor.js';
import { packVector, type VectorType, vectorBytes } from '../format/vector-type.js';
import type { StoreFigures, StoreLayout, StoreWriter } from './store.js';
import { openTableStore, tablesMemoryMb } from './table-store.js';

/** Columns of support.parquet: `place` counts an entity's rows from 0, the oldest. */
export function supportColumns(events: readonly RawInput[]): TableColumns {
  return {
    entity: 'text',
    place: 'integer',
    item: 'text',
    timestamp_ms: 'milliseconds',
    label: 'integer',
    ...kindsOf(events),
  };
}

/** Columns of embeddings.parquet. */
export const embeddingColumns = ({ dimensions, vectorType }: StoreLayout): TableColumns => ({
  entity: 'text',
  vector: vectorType === 'float32' ? { vector: dimensions! } : 'bytes',
  support: 'integer',
  last_event_ms: 'milliseconds',
});

/** What the database that writes the files holds in memory. */
export const memoryMbOf = ({ dimensions, vectorType }: StoreLayout): number =>
  tablesMemoryMb(vectorBytes(vectorType, dimensions ?? 0));

const kindsOf = (inputs: readonly RawInput[]): Readonly<Record<string, RawColumn['kind']>> =>
  Object.fromEntries(inputs.map((input) => [input.name, columnKind(input)]));

/** A writer of the files in `folder`; with `older`, the bundle whose rows are kept where none take their place. */
export async function parquetWriter(
  folder: string,
  layout: StoreLayout,
  older?: string,
  puts: 'vectors' | 'all' = 'all',
): Promise<StoreWriter> {
  const store = await openTableStore(folder, memoryMbOf(layout));
  const { dimensions, vectorType } = layout;
  const support = supportColumns(layout.event);
  const own = { entity: BUNDLE_FILES.entities, item: BUNDLE_FILES.items } as const;
  const sides = (['entity', 'item'] as const).filter((side) => layout[side].length > 0);
  if (dimensions !== null) {
    await store.create('support', support, ['entity', 'place']);
    await store.create('embeddings', embeddingColumns(layout), ['entity']);
  }
  for (const side of sides)
    await store.create(own[side], { [side]: 'text', ...kindsOf(layout[side]) }, [side]);
  const put = (table: string, names: readonly string[], { rows, columns }: RawPiece): void =>
    store.append(
      table,
      rows,
      names.map((name) => columns.get(name)!),
    );
  /** Rows of entities of the older bundle for which nothing was put. */
  const kept = (file: string) =>
    older === undefined ? undefined : { path: join(older, file), without: 'embeddings' };
  return {
    putVectors: ({ entities, vectors, support: rows, lastEventMs }) =>
      store.append('embeddings', entities.length, [
        { kind: 'text', values: entities },
        vectorType === 'float32'
          ? { kind: 'vector', values: vectors }
          : { kind: 'bytes', values: packed(vectorType, vectors, entities.length) },
        { kind: 'number', values: Float64Array.from(rows) },
        { kind: 'number', values: Float64Array.from(lastEventMs) },
      ]),
    putSupport: (rows) => put('support', Object.keys(support), placed(rows)),
    putFeatures: (side, rows) => put(own[side], [side, ...layout[side].map(({ name }) => name)], rows),
    async finish() {
      if (dimensions !== null) {
        const { support: rows, embeddings } = BUNDLE_FILES;
        if (older !== undefined && puts === 'vectors') await copyFile(join(older, rows), join(folder, rows));
        else await store.write('support', join(folder, rows), kept(rows));
        await store.write('embeddings', join(folder, embeddings), kept(embeddings));
      }
      for (const side of sides) {
        const path = join(folder, own[side]);
        if (older !== undefined) await copyIfThere(join(older, own[side]), path);
        else await store.write(own[side], path);
      }
      return dimensions === null ? NOTHING : figuresOf(folder);
    },
    close: () => store.close(),
  };
}

const packed = (type: VectorType, vectors: Float32Array, rows: number): readonly Uint8Array[] => {
  const size = vectors.length / rows;
  return Array.from({ length: rows }, (_, row) =>
    packVector(type, vectors.subarray(row * size, (row + 1) * size)),
  );
};

const NOTHING: StoreFigures = { entities: 0, supportRows: 0, cutoffMs: null };

async function copyIfThere(from: string, to: string): Promise<void> {
  if (existsSync(from)) await copyFile(from, to);
}

/** Rows with their places among those of their entity. */
function placed({ rows, columns }: RawPiece): RawPiece {
  const entity = columns.get('entity')!.values as readonly string[];
  const place = new Float64Array(rows);
  for (let row = 1; row < rows; row++) place[row] = entity[row] === entity[row - 1] ? place[row - 1]! + 1 : 0;
  return { rows, columns: new Map(columns).set('place', { kind: 'number', values: place }) };
}

export async function figuresOf(folder: string): Promise<StoreFigures> {
  const database = await openDatabase({ memoryLimitMb: 256, threads: 1 });
  try {
    const file = (name: string): string => parquetFile(join(folder, name));
    const { entities = 0 } = await database.numbers(
      `SELECT count(*) AS entities FROM ${file(BUNDLE_FILES.embeddings)}`,
    );
    const { rows = 0, last = Number.NaN } = await database.numbers(
      `SELECT count(*) AS rows, max(timestamp_ms) AS last FROM ${file(BUNDLE_FILES.support)}`,
    );
    return { entities, supportRows: rows, cutoffMs: Number.isNaN(last) ? null : last };
  } finally {
    database.close();
  }
}
