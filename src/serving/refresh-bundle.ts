// `limaml refresh`: new events into a bundle; the vectors of their entities are adapted again, all others stay.
import { copyFile, cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFolderAtomic } from '../atomic-files.js';
import { BUNDLE_FILES } from '../bundle/format/files.js';
import { writeManifest } from '../bundle/format/manifest.js';
import type { EventsParent } from '../bundle/format/manifest-schema.js';
import type { Shard } from '../bundle/format/shard.js';
import { type Bundle, layoutOf, openBundle } from '../bundle/open.js';
import { asOnlyWriter, requireBundlePlace } from '../bundle/place.js';
import { writePythonModule } from '../bundle/python-module.js';
import { bundleReadme } from '../bundle/readme.js';
import { storeNamed } from '../bundle/store/registry.js';
import type { StoreFigures, StoreWriter } from '../bundle/store/store.js';
import { UserError } from '../errors.js';
import type { Progress } from '../progress.js';
import { withChangedVectors } from './changed-vectors.js';
import { type NewEvents, readNewEvents } from './events/read-new-events.js';
import { newHistory } from './new-history.js';
import type { WhenMade } from './refresh-and-publish.js';
import { updateSupport } from './update-support.js';

export interface RefreshRequest {
  readonly folder: string;
  /** Where the newer bundle goes; may be `folder` itself. */
  readonly outDirectory: string;
  /** In the bundle's own columns, or in those of the raw log. */
  readonly events: NodeJS.ReadableStream;
  /** What errors and the manifest call the events. */
  readonly eventsName: string;
  /** File for the vectors that change, as Parquet with the columns of embeddings.parquet; none where undefined. */
  readonly changed?: string | undefined;
  /** Writes what this shard is to do, for `limaml merge`, instead of a bundle: events are parted into pieces of `pieceRows` rows, in turn. */
  readonly shard?: Shard | undefined;
  readonly pieceRows?: number | undefined;
  /** Done once the newer bundle is in its place, before another writer may replace it. */
  readonly whenMade?: WhenMade | undefined;
  readonly progress: Progress;
}

export interface Refreshed {
  readonly bundle: string;
  readonly hash: string;
  /** Hash of the bundle that this one was made from. */
  readonly from: string;
  /** Which share of the work it holds; null for a bundle. */
  readonly shard: Shard | null;
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
  /** Rows of the support of those entities, and those among them of whose item the bundle's tables hold no features. */
  readonly supportRows: number;
  readonly unknownItems: number;
  readonly entities: number;
  readonly cutoffMs: number | null;
}

/**
 * Writes the newer bundle whole or not at all. An event with the entity, item, time and label of a stored one is that one, so the same
 * events may come twice; where nothing is new, the newer bundle is the older one to the byte. Throws UserError
 * REFRESH_NO_VECTORS, OUT_NOT_BUNDLE, BUSY, what `openBundle` and `readNewEvents` throw.
 */
export function refreshBundle(request: RefreshRequest): Promise<Refreshed> {
  return asOnlyWriter(request.outDirectory, async () => {
    const made = await refresh(request);
    await request.whenMade?.(made);
    return made;
  });
}

async function refresh(request: RefreshRequest): Promise<Refreshed> {
  const { folder, outDirectory, progress } = request;
  await requireBundlePlace(outDirectory);
  const bundle = await openBundle(folder, 1, 'ascending');
  try {
    if (bundle.manifest.adapt === null)
      throw new UserError({
        code: 'REFRESH_NO_VECTORS',
        where: folder,
        what: `Model "${bundle.manifest.model.name}" adapts nothing: there are no vectors to refresh.`,
        next: 'Train and export again to learn from new events.',
      });
    progress({ kind: 'stage', name: 'refresh', detail: folder });
    const events = await readNewEvents(request.events, request.eventsName, bundle.manifest);
    try {
      return await withEvents(bundle, events, request);
    } finally {
      await events.close();
    }
  } finally {
    await bundle.close();
  }
}

/** Files that events do not change, besides those of the store. */
const KEPT = [BUNDLE_FILES.score, BUNDLE_FILES.adapt, BUNDLE_FILES.prior];

async function withEvents(bundle: Bundle, events: NewEvents, request: RefreshRequest): Promise<Refreshed> {
  const { folder, manifest } = bundle;
  const { outDirectory, eventsName, progress, shard } = request;
  const { format: _format, version: _version, hash: from, files: _files, ...content } = manifest;
  let hash = from;
  let updated = { known: 0, adapted: 0, added: 0, supportRows: 0, unknownItems: 0 };
  let figures: StoreFigures = manifest.data;
  const past = await newHistory(bundle, events);
  const fill = async (fresh: string, changed?: Pick<StoreWriter, 'putVectors'>): Promise<void> => {
    const store = storeNamed(manifest.store, folder);
    const layout = layoutOf(manifest);
    const writer = await (shard === undefined
      ? store.update(fresh, folder, layout)
      : store.create(fresh, { ...layout, entity: [], item: [] }));
    try {
      updated = await updateSupport(bundle, past?.events ?? events, alsoTo(writer, changed), progress, {
        shard,
        pieceRows: request.pieceRows,
      });
      if (updated.adapted === 0 && shard === undefined) return;
      figures = await writer.finish();
    } finally {
      await writer.close();
    }
    for (const file of KEPT) await copyFile(join(folder, file), join(fresh, file));
    await past?.write(fresh);
    const parent: EventsParent = { file: eventsName, sha256: events.sha256, rows: events.rows };
    const newer = {
      ...content,
      ...(shard === undefined ? {} : { shard }),
      data: { ...content.data, ...figures },
      history: past?.history ?? null,
      parents: { ...content.parents, bundle: from, events: parent },
    };
    await writeFile(join(fresh, BUNDLE_FILES.readme), bundleReadme(newer));
    await writePythonModule(fresh);
    ({ hash } = await writeManifest(fresh, newer));
  };
  try {
    await withChangedVectors(request.changed, layoutOf(manifest), (changed) =>
      writeFolderAtomic(outDirectory, async (fresh) => {
        await fill(fresh, changed);
        if (updated.adapted === 0 && shard === undefined) await cp(folder, fresh, { recursive: true });
        await bundle.requireUnchanged();
      }),
    );
  } finally {
    await past?.close();
  }
  const { form, dropped, rows } = events;
  const { entities, cutoffMs } = figures;
  const share = shard ?? null;
  return {
    bundle: outDirectory,
    hash,
    from,
    shard: share,
    form,
    dropped,
    events: rows,
    ...updated,
    entities,
    cutoffMs,
  };
}

/** A writer whose vectors another gets too. */
const alsoTo = (writer: StoreWriter, other: Pick<StoreWriter, 'putVectors'> | undefined): StoreWriter => ({
  ...writer,
  putVectors: async (rows) => {
    await writer.putVectors(rows);
    await other?.putVectors(rows);
  },
});
