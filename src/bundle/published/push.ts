// A bundle published: its rows become a version beside those that readers see, then the catalogue names it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '../../progress.js';
import { BUNDLE_FILES } from '../format/files.js';
import { readWholeManifest, requireManifest } from '../format/manifest.js';
import type { BundleManifest } from '../format/manifest-schema.js';
import { layoutOf } from '../open.js';
import { type StoreAddress, storeAddress } from './address.js';
import { bundleRows } from './bundle-rows.js';
import {
  type Catalogue,
  catalogueText,
  keptBundle,
  readCatalogue,
  requireLatest,
  withBundle,
} from './catalogue.js';
import type { DriverWriter } from './driver.js';
import { openStore } from './open-store.js';
import { KEY } from './row-values.js';

interface PushRequest {
  readonly folder: string;
  /** Address of the store, and the folder that its paths are taken from. */
  readonly to: string;
  readonly cwd: string;
  /** How it was made just now of another bundle; undefined where it is to serve whatever serves there. */
  readonly made?: MadeBundle | undefined;
  readonly progress: Progress;
}

export interface MadeBundle {
  readonly hash: string;
  /** Of the bundle that it was made from; its own where nothing was new. */
  readonly from: string;
  /** Parquet file that names the entities whose vectors differ from those of that one. */
  readonly changed: string;
}

export interface Pushed {
  readonly store: string;
  readonly hash: string;
  /** The bundle that served before; null in an empty store. */
  readonly before: string | null;
  /** All rows, those that changed since the bundle it was made from, or none because the store keeps it already. */
  readonly wrote: 'all' | 'changes' | 'nothing';
  readonly rows: number;
}

/** Files that readers need besides the tables. */
const FILES = [BUNDLE_FILES.score, BUNDLE_FILES.adapt, BUNDLE_FILES.prior, BUNDLE_FILES.history] as const;

/**
 * Publishes the bundle in `folder`; readers see it whole or not at all. Where the store keeps the bundle that it was `made` from, only what changed is
 * written. Throws BUNDLE_REPLACED where another bundle takes its place meanwhile, STORE_MOVED_ON where what was published since that one would be
 * lost, BUSY and STORE_LOCK_LOST, and what `storeAddress`, `openStore` and `readWholeManifest` throw.
 */
export async function pushBundle(request: PushRequest): Promise<Pushed> {
  const { folder, to, cwd, made, progress } = request;
  const address = storeAddress(to, cwd);
  const manifest = await readWholeManifest(folder);
  if (made !== undefined) await requireManifest(folder, made.hash);
  progress({ kind: 'stage', name: 'publish', detail: address.shown });
  const driver = await openStore(address, 'make');
  try {
    return await driver.write((writer) => publish(writer, manifest, address, request));
  } finally {
    await driver.close();
  }
}

async function publish(
  writer: DriverWriter,
  manifest: BundleManifest,
  address: StoreAddress,
  { folder, made, progress }: PushRequest,
): Promise<Pushed> {
  const catalogue = readCatalogue(writer.catalogue, address.shown);
  const { hash, data } = manifest;
  const found = { store: address.shown, hash, before: catalogue?.current ?? null };
  if (catalogue !== undefined && made !== undefined) requireLatest(catalogue, made, address.shown, folder);
  if (catalogue !== undefined && keptBundle(catalogue, hash) !== undefined) {
    if (catalogue.current !== hash) await writer.commit(catalogueText(switched(catalogue, hash)));
    return { ...found, wrote: 'nothing', rows: 0 };
  }
  // Where nothing was new, `changed` says nothing of how this bundle differs from any other.
  const isChange = catalogue !== undefined && made !== undefined && made.from !== hash;
  const parent = isChange ? keptBundle(catalogue, made.from) : undefined;
  const { version } = writer;
  let rows = 0;
  for await (const some of bundleRows(
    folder,
    layoutOf(manifest),
    parent === undefined ? undefined : made!.changed,
  )) {
    await writer.put(some.map((row) => ({ ...row, version })));
    rows += some.length;
    progress({ kind: 'step', done: rows, total: rows, unit: 'rows' });
  }
  for (const file of FILES) {
    const entry = manifest.files[file];
    if (entry === undefined) continue;
    // What did not change since is there already.
    if (parent !== undefined && file !== BUNDLE_FILES.history) continue;
    await writer.put([{ key: KEY.file(entry.sha256), version, value: await readFile(join(folder, file)) }]);
  }
  const text = await readFile(join(folder, BUNDLE_FILES.manifest));
  await writer.put([{ key: KEY.manifest, version, value: text }]);
  // Else rows and files may be of several bundles.
  await requireManifest(folder, hash);
  const { entities, cutoffMs } = data;
  await writer.commit(catalogueText(withBundle(catalogue, { hash, entities, cutoffMs }, version, parent)));
  return { ...found, wrote: parent === undefined ? 'all' : 'changes', rows };
}

/** A kept bundle serves again; rolling back from it goes to what served until now. */
const switched = (catalogue: Catalogue, hash: string): Catalogue => ({
  ...catalogue,
  current: hash,
  bundles: [
    ...catalogue.bundles.filter((bundle) => bundle.hash !== hash),
    { ...keptBundle(catalogue, hash)!, before: catalogue.current },
  ],
});
