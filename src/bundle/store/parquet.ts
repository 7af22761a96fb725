// Parquet files beside the graphs: the store that every bundle has had so far.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, listColumn } from '../../database/database.js';
import { parquetFile } from '../../database/files.js';
import { quoted, textList } from '../../database/sql.js';
import { InternalError } from '../../errors.js';
import {
  missingColumn,
  pickRows,
  type RawColumn,
  type RawColumns,
  type RawPiece,
} from '../../prepared/raw-column.js';
import { type ColumnKinds, openReader, readRaw } from '../../prepared/read-raw.js';
import { BUNDLE_FILES, type EVENT_COLUMNS } from '../format/files.js';
import { columnKind } from '../format/raw-tensor.js';
import { parquetWriter } from './parquet-writer.js';
import type { BundleStore, EntityChoice, StoreKind, StoreLayout } from './store.js';

export const parquetStore: StoreKind = {
  name: 'parquet',
  open: openParquet,
  create: (folder, layout) => parquetWriter(folder, layout),
  update: (folder, older, layout, puts) => parquetWriter(folder, layout, older, puts),
};

const OWN_KINDS: Readonly<Record<(typeof EVENT_COLUMNS)[number], RawColumn['kind']>> = {
  entity: 'text',
  item: 'text',
  timestamp_ms: 'number',
  label: 'number',
};

function openParquet(folder: string, layout: StoreLayout): BundleStore {
  const file = (name: string): string => parquetFile(join(folder, name));
  const kinds: ColumnKinds = {
    ...OWN_KINDS,
    ...Object.fromEntries(layout.event.map((input) => [input.name, columnKind(input)])),
  };
  const sides = {
    entity: once(() => loadSide(folder, layout, 'entity')),
    item: once(() => loadSide(folder, layout, 'item')),
  };
  const named = openNamed();
  const embeddings = once(() => loadEmbeddings(folder, layout));
  return {
    async vectors(ids) {
      const { rowOf, vectors, size } = await embeddings();
      const found = new Uint8Array(ids.length);
      const result = new Float32Array(ids.length * size);
      ids.forEach((id, i) => {
        const row = rowOf.get(id);
        if (row === undefined) return;
        found[i] = 1;
        result.set(vectors.subarray(row * size, (row + 1) * size), i * size);
      });
      return { vectors: result, found };
    },
    async features(side, ids) {
      const table = layout[side].length === 0 ? undefined : await sides[side]();
      const rows = Int32Array.from(ids, (id) => table?.rowOf.get(id) ?? -1);
      return new Map(
        layout[side].map((input) => {
          const column = table?.columns.get(input.name);
          const picked =
            column === undefined ? missingColumn(columnKind(input), ids.length) : pickRows(column, rows);
          return [input.name, picked] as const;
        }),
      );
    },
    async *support(of) {
      const elsewhere = `SELECT entity FROM ${file(BUNDLE_FILES.embeddings)} WHERE support IS NULL`;
      const resting = 'ids' in of ? '' : `AND entity NOT IN (${elsewhere})`;
      const select = `SELECT * FROM ${file(BUNDLE_FILES.support)} WHERE ${chosen(of)} ${resting} ORDER BY entity, place`;
      if ('ids' in of) yield* await named.read(select, kinds);
      else yield* reading((database) => readRaw(database, select, kinds));
    },
    withoutSupport: (of) =>
      reading(async function* (database) {
        const select = `SELECT entity FROM ${file(BUNDLE_FILES.embeddings)} WHERE support = 0 AND ${chosen(of)} ORDER BY entity`;
        for await (const { columns } of readRaw(database, select, { entity: 'text' }))
          yield columns.get('entity')!.values as readonly string[];
      }),
    close: () => named.close(),
  };
}

/** A database that stays open: to open one takes far longer than to find the rows of an entity. Queries come one after the other. */
function openNamed(): {
  read(select: string, kinds: ColumnKinds): Promise<readonly RawPiece[]>;
  close(): Promise<void>;
} {
  let database: Promise<Database> | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  return {
    read(select, kinds) {
      database ??= openReader();
      const opened = database;
      const done = turn.then(async () => {
        const pieces: RawPiece[] = [];
        for await (const piece of readRaw(await opened, select, kinds)) pieces.push(piece);
        return pieces;
      });
      turn = done.catch(() => undefined);
      return done;
    },
    async close() {
      await turn;
      (await database)?.close();
      database = undefined;
    },
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

async function* reading<T>(read: (database: Database) => AsyncIterable<T>): AsyncGenerator<T> {
  const database = await openReader();
  try {
    yield* read(database);
  } finally {
    database.close();
  }
}

/** SQL condition of the chosen entities. */
function chosen(of: EntityChoice): string {
  if ('share' in of) {
    const parts = Math.max(1, Math.round(1 / of.share));
    return `md5_number_lower(entity || ${quoted(`:${of.seed}`)}) % ${parts} = 0`;
  }
  return of.ids.length === 0 ? 'false' : `entity IN ${textList(of.ids)}`;
}

interface SideTable {
  readonly rowOf: ReadonlyMap<string, number>;
  readonly columns: RawColumns;
}

/** entities.parquet or items.parquet, with the row of each ID; undefined where the bundle has none. */
async function loadSide(
  folder: string,
  layout: StoreLayout,
  side: 'entity' | 'item',
): Promise<SideTable | undefined> {
  const path = join(folder, BUNDLE_FILES[side === 'entity' ? 'entities' : 'items']);
  if (!existsSync(path)) return undefined;
  const kinds = Object.fromEntries(layout[side].map((input) => [input.name, columnKind(input)] as const));
  const rowOf = new Map<string, number>();
  const values = new Map(Object.keys(kinds).map((name) => [name, [] as unknown[]]));
  // Equal texts share one string: a catalogue of millions has few distinct ones.
  const shared = new Map<string, string>();
  const share = (value: string): string => {
    const known = shared.get(value);
    if (known === undefined) shared.set(value, value);
    return known ?? value;
  };
  const pieces = reading((database) =>
    readRaw(database, `SELECT * FROM ${parquetFile(path)}`, { [side]: 'text', ...kinds }),
  );
  for await (const { columns } of pieces) {
    for (const id of columns.get(side)!.values as readonly string[]) rowOf.set(id, rowOf.size);
    for (const [name, list] of values) {
      const column = columns.get(name)!;
      if (column.kind === 'number') for (const value of column.values) list.push(value);
      else if (column.kind === 'text') for (const value of column.values) list.push(share(value));
      else for (const texts of column.values) list.push(texts.map(share));
    }
  }
  const columns = [...values].map(([name, list]) => [name, columnOf(kinds[name]!, list)] as const);
  return { rowOf, columns: new Map(columns) };
}

function columnOf(kind: RawColumn['kind'], list: readonly unknown[]): RawColumn {
  if (kind === 'number') return { kind, values: Float64Array.from(list as readonly number[]) };
  return { kind, values: list } as RawColumn;
}

/** embeddings.parquet in one block of memory. */
async function loadEmbeddings(
  folder: string,
  { dimensions: size }: StoreLayout,
): Promise<{ rowOf: ReadonlyMap<string, number>; vectors: Float32Array; size: number }> {
  if (size === null) throw new InternalError('the model has no meta embeddings');
  const from = `FROM ${parquetFile(join(folder, BUNDLE_FILES.embeddings))}`;
  const rowOf = new Map<string, number>();
  const database = await openReader();
  try {
    const { n = 0 } = await database.numbers(`SELECT count(*) AS n ${from}`);
    const vectors = new Float32Array(n * size);
    const result = await database.stream(`SELECT entity, vector ${from}`);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) break;
      const lists = listColumn(chunk.getColumnVector(1));
      const child = lists.childVector;
      chunk.getColumnValues(0).forEach((entity, i) => {
        const at = lists.getEntryOffset(i);
        const to = rowOf.size * size;
        for (let d = 0; d < size; d++) vectors[to + d] = child.getItem(at + d) as number;
        rowOf.set(String(entity), rowOf.size);
      });
    }
    return { rowOf, vectors, size };
  } finally {
    database.close();
  }
}
