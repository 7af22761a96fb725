// `limaml refresh`: new events into a bundle; the vectors of their entities are adapted again, all others stay.
import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFolderAtomic } from '../atomic-files.js';
import { BUNDLE_FILES, type EventsParent, writeManifest } from '../bundle/manifest.js';
import { type Bundle, openBundle } from '../bundle/open-bundle.js';
import { openTableStore, type TableStore } from '../bundle/store/table-store.js';
import { parquetFile } from '../database/files.js';
import { UserError } from '../errors.js';
import { bundleReadme } from '../export/bundle-readme.js';
import { requireBundlePlace } from '../export/export-bundle.js';
import {
  EMBEDDINGS_SELECT,
  embeddingColumns,
  SUPPORT_SELECT,
  supportColumns,
} from '../export/export-tables.js';
import { loadSideTable, openReader } from '../export/raw-tables.js';
import type { Progress } from '../progress.js';
import { type NewEvents, readNewEvents } from './events/read-new-events.js';
import { adaptStored } from './stored-support.js';

export interface RefreshRequest {
  readonly folder: string;
  /** Where the newer bundle goes; may be `folder` itself. */
  readonly outDirectory: string;
  /** In the bundle's own columns, or in those of the raw log. */
  readonly events: NodeJS.ReadableStream;
  /** What errors and the manifest call the events. */
  readonly eventsName: string;
  readonly progress: Progress;
}

export interface Refreshed {
  readonly bundle: string;
  readonly hash: string;
  /** Hash of the bundle that this one was made from. */
  readonly from: string;
  /** Whose columns, units and label rule the events had. */
  readonly form: NewEvents['form'];
  /** Rows that the log's descriptor leaves out, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Events read, and how many of them the support held already. */
  readonly events: number;
  readonly known: number;
  /** Entities adapted again, and how many of them had no vector before. */
  readonly adapted: number;
  readonly added: number;
  readonly entities: number;
  readonly cutoffMs: number | null;
}

/**
 * Writes the newer bundle whole or not at all. An event with the entity, item and time of a stored one is that one, so the same
 * events may come twice. Throws UserError REFRESH_NO_VECTORS, OUT_NOT_BUNDLE, what `openBundle` and `readNewEvents` throw.
 */
export async function refreshBundle(request: RefreshRequest): Promise<Refreshed> {
  const { folder, outDirectory, progress } = request;
  await requireBundlePlace(outDirectory);
  const bundle = await openBundle(folder);
  try {
    if (bundle.manifest.adapt === null)
      throw new UserError({
        code: 'REFRESH_NO_VECTORS',
        where: folder,
        what: `Model "${bundle.manifest.model.name}" adapts nothing: there are no vectors to refresh.`,
        next: 'Train and export again to learn from new events.',
      });
    progress({ kind: 'stage', name: 'refresh', detail: folder });
    let refreshed: Refreshed | undefined;
    await writeFolderAtomic(outDirectory, async (fresh) => {
      refreshed = await fillFolder(fresh, bundle, request);
    });
    return refreshed!;
  } finally {
    await bundle.close();
  }
}

/** Files that events do not change. */
const KEPT = [
  BUNDLE_FILES.score,
  BUNDLE_FILES.adapt,
  BUNDLE_FILES.prior,
  BUNDLE_FILES.entities,
  BUNDLE_FILES.items,
];

async function fillFolder(fresh: string, bundle: Bundle, request: RefreshRequest): Promise<Refreshed> {
  const { folder, manifest } = bundle;
  const { format: _format, version: _version, hash: from, files, ...content } = manifest;
  for (const file of KEPT.filter((name) => files[name] !== undefined))
    await copyFile(join(folder, file), join(fresh, file));
  const store = await openTableStore(fresh);
  let counts: Counts;
  let read: NewEvents;
  try {
    await store.create('support', supportColumns(manifest.inputs.adapt));
    await store.create('events', supportColumns(manifest.inputs.adapt));
    await store.create('embeddings', embeddingColumns(manifest.model.dimensions!));
    read = await readNewEvents(request.events, request.eventsName, manifest, store, 'events');
    counts = await adaptChanged(fresh, bundle, store, read, request.progress);
  } finally {
    await store.close();
  }
  const { entities, supportRows, cutoffMs, ...rest } = counts;
  const data = { ...content.data, entities, supportRows, cutoffMs };
  const { form, dropped, rows } = read;
  const events: EventsParent = { file: request.eventsName, sha256: read.sha256, rows };
  const newer = { ...content, data, parents: { ...content.parents, bundle: from, events } };
  await writeFile(join(fresh, BUNDLE_FILES.readme), bundleReadme(newer));
  const { hash } = await writeManifest(fresh, newer);
  return {
    bundle: request.outDirectory,
    hash,
    from,
    form,
    dropped,
    events: rows,
    ...rest,
    entities,
    cutoffMs,
  };
}

type Counts = Omit<Refreshed, 'bundle' | 'hash' | 'from' | 'form' | 'dropped' | 'events'> & {
  readonly supportRows: number;
};

/** Merges the events into the support, cuts it to the latest rows, and writes both Parquet files. */
async function adaptChanged(
  fresh: string,
  bundle: Bundle,
  store: TableStore,
  { rows: events, repeats }: NewEvents,
  progress: Progress,
): Promise<Counts> {
  const { folder, manifest } = bundle;
  const old = (file: string): string => parquetFile(join(folder, file));
  const changed = 'SELECT DISTINCT entity FROM events';
  // Equal times keep their order: what was stored, then the order of the input.
  await store.run(`CREATE TABLE merged AS SELECT *, 0 AS source FROM ${old(BUNDLE_FILES.support)} UNION ALL BY NAME
    SELECT *, 1 AS source FROM events e WHERE NOT EXISTS (FROM ${old(BUNDLE_FILES.support)} s
      WHERE s.entity = e.entity AND s.item = e.item AND s.timestamp_ms = e.timestamp_ms)
    ${repeats ? '' : 'QUALIFY row_number() OVER (PARTITION BY entity, item, timestamp_ms ORDER BY place) = 1'}`);
  await store.run(`INSERT INTO support SELECT * EXCLUDE (source, back) REPLACE (
      CAST(row_number() OVER (PARTITION BY entity ORDER BY timestamp_ms, source, place) - 1 AS INTEGER) AS place
    ) FROM (SELECT *, row_number() OVER (PARTITION BY entity ORDER BY timestamp_ms DESC, source DESC, place DESC) AS back
      FROM merged) WHERE back <= ${manifest.model.maxSupport!}`);
  const support = join(fresh, BUNDLE_FILES.support);
  await store.writeParquet(support, SUPPORT_SELECT);
  const list = join(fresh, 'changed.parquet');
  await store.writeParquet(list, changed);
  await store.run(`INSERT INTO embeddings SELECT entity, CAST(vector AS FLOAT[${manifest.model.dimensions!}]), support,
    last_event_ms FROM ${old(BUNDLE_FILES.embeddings)} WHERE entity NOT IN (${changed})`);
  const reader = await openReader();
  let adapted = 0;
  try {
    const count = async (sql: string): Promise<number> => (await reader.numbers(`SELECT ${sql} AS n`))['n']!;
    const among = `entity IN (SELECT entity FROM ${parquetFile(list)})`;
    const total = await count(`(SELECT count(*) FROM ${parquetFile(list)})`);
    const sides = {
      entity: await loadSideTable(folder, manifest, 'entity'),
      item: await loadSideTable(folder, manifest, 'item'),
    };
    const select = `SELECT * FROM ${parquetFile(support)} WHERE ${among} ORDER BY entity, place`;
    for await (const part of adaptStored(bundle, sides, reader, select)) {
      store.append('embeddings', part.entities.length, [
        { kind: 'text', values: part.entities },
        { kind: 'vector', size: manifest.model.dimensions!, values: part.vectors },
        { kind: 'number', values: Float64Array.from(part.support) },
        { kind: 'number', values: Float64Array.from(part.lastEventMs) },
      ]);
      adapted += part.entities.length;
      progress({ kind: 'step', done: adapted, total, unit: 'entities' });
    }
    await store.writeParquet(join(fresh, BUNDLE_FILES.embeddings), EMBEDDINGS_SELECT);
    const merged = join(fresh, 'merged.parquet');
    await store.writeParquet(merged, 'SELECT count(*) AS n FROM merged WHERE source = 1');
    const taken = await count(`(SELECT n FROM ${parquetFile(merged)})`);
    await rm(merged);
    const had = await count(`(SELECT count(*) FROM ${old(BUNDLE_FILES.embeddings)} WHERE ${among})`);
    const supportRows = await count(`(SELECT count(*) FROM ${parquetFile(support)})`);
    const last = await count(`(SELECT max(timestamp_ms) FROM ${parquetFile(support)})`);
    return {
      known: events - taken,
      adapted,
      added: adapted - had,
      entities: manifest.data.entities + adapted - had,
      supportRows,
      cutoffMs: Number.isNaN(last) ? null : last,
    };
  } finally {
    reader.close();
    await rm(list, { force: true });
  }
}
