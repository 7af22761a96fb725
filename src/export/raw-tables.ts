// The bundle's Parquet files read back: raw features by ID, meta embeddings by entity.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BUNDLE_FILES, type BundleManifest } from '../bundle/manifest.js';
import { type Database, listColumn, listMembers, openDatabase } from '../database/database.js';
import { parquetFile } from '../database/files.js';
import { ident } from '../database/sql.js';
import { InternalError } from '../errors.js';
import { columnKind, type RawColumn, type RawColumns } from '../serving/columns/raw-column.js';
import { sideFeatures } from './export-tables.js';

/** Memory of the database that reads a bundle: a few row groups at a time. */
const READER_MEMORY_MB = 512;

export function openReader(): Promise<Database> {
  return openDatabase({ memoryLimitMb: READER_MEMORY_MB, threads: 1 });
}

export type ColumnKinds = Readonly<Record<string, RawColumn['kind']>>;

/** What a query gives, piece by piece; NULL is the column kind's missing value. */
export async function* readRaw(
  database: Database,
  select: string,
  kinds: ColumnKinds,
): AsyncGenerator<{ readonly rows: number; readonly columns: RawColumns }> {
  const columns = Object.entries(kinds);
  const list = columns.map(([name, kind]) =>
    kind === 'number' ? `CAST(${ident(name)} AS DOUBLE) AS ${ident(name)}` : ident(name),
  );
  const result = await database.stream(`SELECT ${list.join(', ')} FROM (${select})`);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    const read = columns.map(([name, kind], c) => [name, toRaw(kind, chunk.getColumnValues(c))] as const);
    yield { rows: chunk.rowCount, columns: new Map(read) };
  }
}

function toRaw(kind: RawColumn['kind'], values: readonly unknown[]): RawColumn {
  switch (kind) {
    case 'text':
      return { kind, values: values.map((value) => (value ?? '') as string) };
    case 'number':
      return { kind, values: Float64Array.from(values, (value) => (value ?? Number.NaN) as number) };
    case 'texts':
      return {
        kind,
        values: values.map((value) => listMembers(value).map(String)),
      };
  }
}

/** Raw features of entities or items, with the row of each ID. */
export interface SideTable {
  readonly rowOf: ReadonlyMap<string, number>;
  readonly columns: RawColumns;
}

/** Loads entities.parquet or items.parquet; undefined where the model reads no feature of that side. */
export async function loadSideTable(
  folder: string,
  manifest: BundleManifest,
  side: 'entity' | 'item',
): Promise<SideTable | undefined> {
  const file = join(folder, BUNDLE_FILES[side === 'entity' ? 'entities' : 'items']);
  if (!existsSync(file)) return undefined;
  const features = sideFeatures([...manifest.inputs.score, ...manifest.inputs.adapt], side);
  const kinds = Object.fromEntries(features.map((input) => [input.name, columnKind(input)] as const));
  const rowOf = new Map<string, number>();
  const values = new Map(Object.keys(kinds).map((name) => [name, [] as unknown[]]));
  // Equal texts share one string: a catalogue of millions has few distinct ones.
  const shared = new Map<string, string>();
  const share = (value: string): string => {
    const known = shared.get(value);
    if (known === undefined) shared.set(value, value);
    return known ?? value;
  };
  const database = await openReader();
  try {
    const select = `SELECT * FROM ${parquetFile(file)}`;
    for await (const { columns } of readRaw(database, select, { [side]: 'text', ...kinds })) {
      for (const id of columns.get(side)!.values as readonly string[]) rowOf.set(id, rowOf.size);
      for (const [name, list] of values) {
        const column = columns.get(name)!;
        if (column.kind === 'number') for (const value of column.values) list.push(value);
        else if (column.kind === 'text') for (const value of column.values) list.push(share(value));
        else for (const texts of column.values) list.push(texts.map(share));
      }
    }
  } finally {
    database.close();
  }
  const columns = [...values].map(([name, list]) => [name, sideColumn(kinds[name]!, list)] as const);
  return { rowOf, columns: new Map(columns) };
}

function sideColumn(kind: RawColumn['kind'], list: readonly unknown[]): RawColumn {
  if (kind === 'number') return { kind, values: Float64Array.from(list as readonly number[]) };
  return { kind, values: list } as RawColumn;
}

/** Meta embeddings in one block of memory. */
export interface EmbeddingTable {
  readonly rowOf: ReadonlyMap<string, number>;
  /** [entities × size] */
  readonly vectors: Float32Array;
  readonly size: number;
}

/** Loads embeddings.parquet. */
export async function loadEmbeddings(
  folder: string,
  { data, model }: BundleManifest,
): Promise<EmbeddingTable> {
  const size = model.dimensions;
  if (size === null) throw new InternalError(`model "${model.name}" has no meta embeddings`);
  const rowOf = new Map<string, number>();
  const vectors = new Float32Array(data.entities * size);
  const database = await openReader();
  try {
    const result = await database.stream(
      `SELECT entity, vector FROM ${parquetFile(join(folder, BUNDLE_FILES.embeddings))}`,
    );
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) break;
      const lists = listColumn(chunk.getColumnVector(1));
      const child = lists.childVector;
      chunk.getColumnValues(0).forEach((entity, i) => {
        const from = lists.getEntryOffset(i);
        const to = rowOf.size * size;
        for (let d = 0; d < size; d++) vectors[to + d] = child.getItem(from + d) as number;
        rowOf.set(String(entity), rowOf.size);
      });
    }
  } finally {
    database.close();
  }
  return { rowOf, vectors, size };
}
