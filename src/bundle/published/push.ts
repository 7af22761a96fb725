// A bundle published: its rows become a version beside those that readers see, then the catalogue names it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '../../progress.js';
import { BUNDLE_FILES } from '../format/files.js';
import { checkBundleFiles, readManifest } from '../format/manifest.js';
import type { BundleManifest } from '../format/manifest-schema.js';
import { layoutOf } from '../open.js';
import { type StoreAddress, storeAddress } from './address.js';
import { bundleRows } from './bundle-rows.js';
import { type Catalogue, catalogueText, keptBundle, readCatalogue, withBundle } from './catalogue.js';
import type { DriverWriter } from './driver.js';
import { openStore } from './open-store.js';
import { KEY } from './row-values.js';

interface PushRequest {
  readonly folder: string;
  /** Address of the store, and the folder that its paths are taken from. */
  readonly to: string;
  readonly cwd: string;
  /** Parquet file that names the entities whose vectors differ from those of the bundle that this one was made from. */
  readonly changed?: string | undefined;
  readonly progress: Progress;
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
 * Publishes the bundle in `folder`; readers see it whole or not at all. Where the store keeps the bundle that this one was made from and
 * `changed` is given, only what changed is written. Throws what `storeAddress`, `openStore` and `readManifest` throw, BUSY and STORE_LOCK_LOST.
 */
export async function pushBundle(request: PushRequest): Promise<Pushed> {
  const { folder, to, cwd, progress } = request;
  const address = storeAddress(to, cwd);
  const manifest = await readManifest(folder);
  await checkBundleFiles(folder, manifest);
  progress({ kind: 'stage', name: 'publish', detail: address.shown });
  const driver = await openStore(address);
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
  { folder, changed, progress }: PushRequest,
): Promise<Pushed> {
  const catalogue = readCatalogue(writer.catalogue, address.shown);
  const { hash, data, parents } = manifest;
  const found = { store: address.shown, hash, before: catalogue?.current ?? null };
  if (catalogue !== undefined && keptBundle(catalogue, hash) !== undefined) {
    if (catalogue.current !== hash) await writer.commit(catalogueText(switched(catalogue, hash)));
    return { ...found, wrote: 'nothing', rows: 0 };
  }
  const parent =
    catalogue === undefined || changed === undefined || parents.bundle === null
      ? undefined
      : keptBundle(catalogue, parents.bundle);
  const { version } = writer;
  let rows = 0;
  for await (const some of bundleRows(
    folder,
    layoutOf(manifest),
    parent === undefined ? undefined : changed,
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
