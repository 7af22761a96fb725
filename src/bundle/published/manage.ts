// What a store keeps: listed, rolled back to the bundle before, rid of what no kept bundle needs.
import { UserError } from '../../errors.js';
import { storeAddress } from './address.js';
import { bundleIn, type Catalogue, catalogueText, keptBundle, readCatalogue } from './catalogue.js';
import { type Driver, type DriverWriter, isVisible } from './driver.js';
import { openStore } from './open-store.js';

interface StoreRequest {
  readonly at: string;
  readonly cwd: string;
}

export interface StoreContent {
  readonly store: string;
  readonly current: string | null;
  /** In the order in which they came to serve. */
  readonly bundles: readonly {
    readonly hash: string;
    readonly entities: number;
    readonly cutoffMs: number | null;
  }[];
  /** Rows that were removed. */
  readonly removed: number;
}

export const storeContent = (request: StoreRequest): Promise<StoreContent> =>
  withStore(request, async (driver, shown) =>
    contentOf(shown, readCatalogue(await driver.catalogue(), shown)),
  );

/** The bundle that served before serves again. Throws UserError STORE_EMPTY and STORE_NOTHING_BEFORE. */
export const rollBack = (request: StoreRequest): Promise<StoreContent> =>
  withStore(request, (driver, shown) =>
    driver.write(async (writer) => {
      const catalogue = readCatalogue(writer.catalogue, shown);
      const { hash, before } = bundleIn(catalogue, shown);
      const earlier = before === null ? undefined : keptBundle(catalogue!, before);
      if (earlier === undefined)
        throw new UserError({
          code: 'STORE_NOTHING_BEFORE',
          where: shown,
          what: `No bundle from before ${hash.slice(0, 12)} is kept.`,
          next: 'Publish the bundle that is to serve: limaml store push.',
        });
      const next = { ...catalogue!, current: earlier.hash };
      await writer.commit(catalogueText(next));
      return contentOf(shown, next);
    }),
  );

/** Forgets every bundle but the one that serves and the `keep` before it, then removes rows that none of those needs. */
export const pruneStore = (request: StoreRequest & { readonly keep: number }): Promise<StoreContent> =>
  withStore(request, async (driver, shown) => {
    await driver.write(async (writer) => {
      const catalogue = readCatalogue(writer.catalogue, shown);
      const hashes = latest(catalogue, shown, request.keep);
      const bundles = catalogue!.bundles.filter(({ hash }) => hashes.includes(hash));
      await writer.commit(catalogueText({ ...catalogue!, bundles }));
    });
    // After the catalogue: a reader of a bundle that goes finds that out before it misses a row.
    return driver.write(async (writer) => {
      const catalogue = readCatalogue(writer.catalogue, shown)!;
      const removed = await removeUnseen(driver, writer, catalogue);
      await writer.commit(catalogueText(catalogue));
      return { ...contentOf(shown, catalogue), removed };
    });
  });

/** The bundle that serves and those that did before it, `keep` at most. */
function latest(catalogue: Catalogue | undefined, shown: string, keep: number): readonly string[] {
  const hashes = [bundleIn(catalogue, shown).hash];
  for (;;) {
    const before = keptBundle(catalogue!, hashes.at(-1)!)?.before ?? null;
    const isKept = before !== null && keptBundle(catalogue!, before) !== undefined;
    if (!isKept || hashes.includes(before) || hashes.length > keep) return hashes;
    hashes.push(before);
  }
}

/** Removes rows that are the latest of their key for no kept bundle. */
async function removeUnseen(driver: Driver, writer: DriverWriter, { bundles }: Catalogue): Promise<number> {
  let removed = 0;
  for await (const piece of driver.scan('')) {
    const gone = piece.flatMap(([key, versions]) => {
      const needed = new Set(
        bundles.map(({ visible }) => Math.max(...versions.filter((version) => isVisible(version, visible)))),
      );
      return versions.filter((version) => !needed.has(version)).map((version) => ({ key, version }));
    });
    await writer.remove(gone);
    removed += gone.length;
  }
  return removed;
}

async function withStore<T>(
  { at, cwd }: StoreRequest,
  work: (driver: Driver, shown: string) => Promise<T>,
): Promise<T> {
  const address = storeAddress(at, cwd);
  const driver = await openStore(address, 'refuse');
  try {
    return await work(driver, address.shown);
  } finally {
    await driver.close();
  }
}

const contentOf = (store: string, catalogue: Catalogue | undefined): StoreContent => ({
  store,
  current: catalogue?.current ?? null,
  bundles: (catalogue?.bundles ?? []).map(({ hash, entities, cutoffMs }) => ({ hash, entities, cutoffMs })),
  removed: 0,
});
