// Parquet files beside the graphs: the store that every bundle has had so far.
import { join } from 'node:path';
import { parquetFile } from '../../database/files.js';
import { quoted } from '../../database/sql.js';
import { missingColumn, pickRows, type RawColumn } from '../../prepared/raw-column.js';
import { type ColumnKinds, readRaw } from '../../prepared/read-raw.js';
import { BUNDLE_FILES, type EVENT_COLUMNS } from '../format/files.js';
import { columnKind } from '../format/raw-tensor.js';
import { withAsked } from './asked-ids.js';
import { parquetWriter } from './parquet-writer.js';
import { allRows, once, openNamed, streamed, withReader } from './readers.js';
import { readSide, type SideTable } from './side-table.js';
import type { BundleStore, EntityChoice, Reading, StoreKind, StoreLayout } from './store.js';
import { allVectors, someVectors } from './stored-vectors.js';
import { supportInMemory } from './support-in-memory.js';

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

function openParquet(
  folder: string,
  layout: StoreLayout,
  reading: Reading = 'any order',
  requireUnchanged: () => Promise<void> = async () => {},
): BundleStore {
  const file = (name: string): string => parquetFile(join(folder, name));
  const kinds: ColumnKinds = {
    ...OWN_KINDS,
    ...Object.fromEntries(layout.event.map((input) => [input.name, columnKind(input)])),
  };
  const sides = {
    entity: once(() => withReader((database) => readSide(database, folder, layout, 'entity'))),
    item: once(() => withReader((database) => readSide(database, folder, layout, 'item'))),
  };
  const named = openNamed();
  const embeddings = parquetFile(join(folder, BUNDLE_FILES.embeddings));
  const inMemory = once(() => withReader((database) => allVectors(database, embeddings, layout)));
  const supportHeld = once(() =>
    withReader((database) => supportInMemory(database, file(BUNDLE_FILES.support), kinds)),
  );
  /** Members come in order, and are too many to be kept; items come in none. */
  const sideTable = (side: 'entity' | 'item', ids: readonly string[]): Promise<SideTable | undefined> =>
    reading !== 'ascending' || side === 'item'
      ? sides[side]()
      : named.use((database) =>
          withAsked(database, side, ids, (which) => readSide(database, folder, layout, side, which)),
        );
  async function* chosen(of: EntityChoice, select: (which: string) => string, read: ColumnKinds) {
    if ('ids' in of)
      yield* await named.use((database) =>
        withAsked(database, 'entity', of.ids, (which) => allRows(database, select(which), read)),
      );
    else yield* streamed((database) => readRaw(database, select(drawn(of)), read));
  }
  return {
    async vectors(ids) {
      if (reading !== 'ascending') return (await inMemory())(ids);
      return named.use((database) =>
        withAsked(database, 'entity', ids, (which) =>
          someVectors(database, `${embeddings} WHERE ${which}`, ids, layout),
        ),
      );
    },
    async features(side, ids) {
      const table = layout[side].length === 0 ? undefined : await sideTable(side, ids);
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
      const elsewhere = `SELECT entity FROM ${embeddings} WHERE support IS NULL`;
      const resting = 'ids' in of ? '' : `AND entity NOT IN (${elsewhere})`;
      const select = (which: string): string =>
        `SELECT * FROM ${file(BUNDLE_FILES.support)} WHERE ${which} ${resting} ORDER BY entity, place`;
      const held = reading === 'at once' && 'ids' in of ? await supportHeld() : undefined;
      if (held !== undefined && 'ids' in of) {
        yield* held(of.ids);
        return;
      }
      yield* chosen(of, select, kinds);
      if (reading === 'at once') await requireUnchanged();
    },
    async *withoutSupport(of) {
      const select = (which: string): string =>
        `SELECT entity FROM ${embeddings} WHERE support = 0 AND ${which} ORDER BY entity`;
      for await (const { columns } of chosen(of, select, { entity: 'text' }))
        yield columns.get('entity')!.values as readonly string[];
    },
    close: () => named.close(),
  };
}

/** SQL condition of a share of the entities. */
function drawn({ share, seed }: Extract<EntityChoice, { readonly share: number }>): string {
  const parts = Math.max(1, Math.round(1 / share));
  return `md5_number_lower(entity || ${quoted(`:${seed}`)}) % ${parts} = 0`;
}
