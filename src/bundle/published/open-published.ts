// A published bundle opened: graphs from the store into a folder of this process, vectors and features looked up row by row.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../errors.js';
import { missingColumn, type RawColumn, type RawColumns } from '../../prepared/raw-column.js';
import { BUNDLE_FILES } from '../format/files.js';
import { readManifest } from '../format/manifest.js';
import { unpackVector } from '../format/vector-type.js';
import { type Bundle, layoutOf, openGraphs } from '../open.js';
import type { BundleStore, EntityChoice, StoreLayout } from '../store/store.js';
import { storeAddress } from './address.js';
import { kindsOf, SUPPORT_KINDS } from './bundle-rows.js';
import { bundleIn, keptBundle, readCatalogue } from './catalogue.js';
import type { Driver, VersionRanges } from './driver.js';
import { hashedShare } from './hashed-share.js';
import { openStore } from './open-store.js';
import { columnsOf, KEY } from './row-values.js';

interface PublishedRequest {
  readonly from: string;
  readonly cwd: string;
  /** The bundle to open; the one that serves where undefined. */
  readonly hash?: string | undefined;
  /** Threads within one graph run. */
  readonly threads?: number;
}

/**
 * Opens the bundle that serves, or the one named: all that is read of it is that bundle's, whatever is published meanwhile. Throws what
 * `storeAddress` and `openStore` throw, STORE_EMPTY, STORE_NO_BUNDLE, STORE_DAMAGED.
 */
export async function openPublished({ from, cwd, hash, threads = 1 }: PublishedRequest): Promise<Bundle> {
  const address = storeAddress(from, cwd);
  const driver = await openStore(address, 'refuse');
  const folder = await mkdtemp(join(tmpdir(), 'limaml-published-'));
  const leave = async (): Promise<void> => {
    await driver.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const kept = bundleIn(readCatalogue(await driver.catalogue(), address.shown), address.shown, hash);
    const { visible } = kept;
    const fetch = async (key: string, file: string): Promise<void> => {
      const [value] = await driver.get([key], visible);
      if (value === undefined) throw gone(address.shown, kept.hash);
      await writeFile(join(folder, file), value);
    };
    await fetch(KEY.manifest, BUNDLE_FILES.manifest);
    const manifest = await readManifest(folder);
    const files = Object.entries(manifest.files).filter(([file]) => !NOT_FETCHED.includes(file));
    for (const [file, { sha256 }] of files) await fetch(KEY.file(sha256), file);
    const requireKept = async (): Promise<void> => {
      const now = readCatalogue(await driver.catalogue(), address.shown);
      if (now === undefined || keptBundle(now, kept.hash) === undefined) throw gone(address.shown, kept.hash);
    };
    const store = publishedStore(driver, visible, layoutOf(manifest), requireKept);
    const graphs = openGraphs(folder, manifest, threads);
    return {
      ...graphs,
      store,
      requireUnchanged: requireKept,
      close: async () => {
        await graphs.close();
        await leave();
      },
    };
  } catch (error) {
    await leave();
    throw error;
  }
}

/** Tables, which are looked up row by row, and what only a folder has. */
const NOT_FETCHED: readonly string[] = [
  BUNDLE_FILES.embeddings,
  BUNDLE_FILES.support,
  BUNDLE_FILES.entities,
  BUNDLE_FILES.items,
  BUNDLE_FILES.readme,
  BUNDLE_FILES.module,
];

/** `requireKept` throws once the rows may be gone: what was read before it is whole. */
function publishedStore(
  driver: Driver,
  visible: VersionRanges,
  layout: StoreLayout,
  requireKept: () => Promise<void>,
): BundleStore {
  const size = layout.dimensions ?? 0;
  const get = async (keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> => {
    const distinct = [...new Set(keys)];
    const found = await driver.get(distinct, visible);
    await requireKept();
    const values = new Map(distinct.map((key, i) => [key, found[i]] as const));
    return keys.map((key) => values.get(key));
  };
  async function* chosen(of: EntityChoice): AsyncGenerator<readonly string[]> {
    if ('ids' in of) yield [...of.ids].sort();
    else
      for await (const piece of driver.scan(KEY.vector(''))) {
        const ids = piece.map(([key]) => key.slice(KEY.vector('').length));
        yield ids.filter((id) => hashedShare(id, of.seed) < of.share);
      }
  }
  return {
    async vectors(ids) {
      const values = await get(ids.map(KEY.vector));
      const vectors = new Float32Array(ids.length * size);
      values.forEach((bytes, i) => {
        if (bytes !== undefined) unpackVector(layout.vectorType, bytes, vectors, i * size);
      });
      return { vectors, found: Uint8Array.from(values, (bytes) => (bytes === undefined ? 0 : 1)) };
    },
    async features(side, ids) {
      if (layout[side].length === 0) return new Map();
      const kinds = Object.entries(kindsOf(layout[side]));
      const rows = (await get(ids.map(KEY[side]))).map((bytes) =>
        bytes === undefined ? undefined : columnsOf(bytes, kinds).columns,
      );
      return new Map(kinds.map(([name, kind]) => [name, oneEach(rows, name, kind)] as const));
    },
    async *support(of) {
      const kinds = Object.entries({ ...SUPPORT_KINDS, ...kindsOf(layout.event) });
      for await (const ids of chosen(of)) {
        const values = await get(ids.map(KEY.support));
        for (const [i, bytes] of values.entries()) {
          if (bytes === undefined) continue;
          const { rows, columns } = columnsOf(bytes, kinds);
          const entity: RawColumn = { kind: 'text', values: new Array<string>(rows).fill(ids[i]!) };
          yield { rows, columns: new Map([['entity', entity], ...columns]) };
        }
      }
    },
    async *withoutSupport(of) {
      for await (const ids of chosen(of)) {
        const vectors = await get(ids.map(KEY.vector));
        const support = await get(ids.map(KEY.support));
        yield ids.filter((_id, i) => vectors[i] !== undefined && support[i] === undefined);
      }
    },
  };
}

/** The only value of each row's column; a missing one where there is no row. */
function oneEach(
  rows: readonly (RawColumns | undefined)[],
  name: string,
  kind: RawColumn['kind'],
): RawColumn {
  const none = missingColumn(kind, 1).values[0];
  const values = rows.map((columns) => columns?.get(name)?.values[0] ?? none);
  if (kind === 'number') return { kind, values: Float64Array.from(values as number[]) };
  return { kind, values } as RawColumn;
}

const gone = (where: string, hash: string): UserError =>
  new UserError({
    code: 'STORE_VERSION_GONE',
    where,
    what: `Bundle ${hash.slice(0, 12)} was removed from the store while it was read.`,
    next: 'Run the command again: it opens the bundle that serves now.',
  });
