// The catalogue of a store: which bundles it keeps, which one serves, and which versions of rows each is made of.
import { z } from 'zod';
import { UserError } from '../../errors.js';
import type { VersionRanges } from './driver.js';

const FORMAT = { format: 'limaml-store', version: 1 } as const;

const bundleSchema = z.object({
  /** Hash of the bundle's manifest. */
  hash: z.string(),
  /** Rows of these versions are its own, the latest of each key. */
  visible: z.array(z.tuple([z.int(), z.int()]).readonly()).readonly(),
  /** The bundle that served when this one came, for rolling back. */
  before: z.string().nullable(),
  entities: z.int(),
  cutoffMs: z.number().nullable(),
});

const catalogueSchema = z.object({
  format: z.literal(FORMAT.format),
  version: z.literal(FORMAT.version),
  /** The hash of the bundle that serves. */
  current: z.string(),
  bundles: z.array(bundleSchema).readonly(),
});

type KeptBundle = Readonly<z.output<typeof bundleSchema>>;
export type Catalogue = Readonly<z.output<typeof catalogueSchema>>;

/** Throws UserError STORE_DAMAGED. */
export function readCatalogue(text: string | undefined, store: string): Catalogue | undefined {
  if (text === undefined) return undefined;
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    read = undefined;
  }
  const parsed = catalogueSchema.safeParse(read);
  if (parsed.success) return parsed.data;
  throw new UserError({
    code: 'STORE_DAMAGED',
    where: store,
    what: 'The catalogue of the store is none that this version understands.',
    next: 'Name another store, or ?name= another part of it.',
  });
}

export const catalogueText = (catalogue: Pick<Catalogue, 'current' | 'bundles'>): string =>
  JSON.stringify({ ...FORMAT, ...catalogue });

/** The bundle that serves, or the one named. Throws UserError STORE_EMPTY and STORE_NO_BUNDLE. */
export function bundleIn(catalogue: Catalogue | undefined, store: string, hash?: string): KeptBundle {
  if (catalogue === undefined)
    throw new UserError({
      code: 'STORE_EMPTY',
      where: store,
      what: 'Nothing was published there yet.',
      next: `Publish a bundle: limaml store push '${store}' --bundle bundle`,
    });
  const found = keptBundle(catalogue, hash ?? catalogue.current);
  if (found !== undefined) return found;
  throw new UserError({
    code: 'STORE_NO_BUNDLE',
    where: store,
    what: `The store does not keep bundle ${(hash ?? catalogue.current).slice(0, 12)}.`,
    next: `It keeps ${catalogue.bundles.map((bundle) => bundle.hash.slice(0, 12)).join(', ')}. Publish it, or leave out --bundle for the one that serves.`,
  });
}

export const keptBundle = (catalogue: Catalogue, hash: string): KeptBundle | undefined =>
  catalogue.bundles.find((bundle) => bundle.hash === hash);

/**
 * Throws STORE_MOVED_ON where what serves was published after the bundle `hash` or, where that was not yet, after the one that it was made
 * `from`: it has nothing of what came since. `folder`: of the one made.
 */
export function requireLatest(
  catalogue: Catalogue,
  { hash, from }: { readonly hash: string; readonly from: string },
  store: string,
  folder: string,
): void {
  const base = keptBundle(catalogue, hash) ?? keptBundle(catalogue, from);
  const serving = keptBundle(catalogue, catalogue.current);
  if (base === undefined || serving === undefined || ownVersion(serving) <= ownVersion(base)) return;
  throw new UserError({
    code: 'STORE_MOVED_ON',
    where: store,
    what: `${serving.hash.slice(0, 12)} serves there, published after ${base.hash.slice(0, 12)}${base.hash === hash ? '' : ', which this one was made from'}: what it took in would be lost.`,
    next: `Refresh the folder that it came from. Or let this one serve all the same: limaml store push '${store}' --bundle ${folder}`,
  });
}

/** The version that its own rows have; the others are those of bundles that it was made from. */
const ownVersion = ({ visible }: KeptBundle): number => visible.at(-1)?.[1] ?? 0;

/** The catalogue in which a bundle serves whose rows are of `version` and, where it was made from a kept one, of that one. */
export function withBundle(
  catalogue: Catalogue | undefined,
  bundle: Pick<KeptBundle, 'hash' | 'entities' | 'cutoffMs'>,
  version: number,
  parent: KeptBundle | undefined,
): Pick<Catalogue, 'current' | 'bundles'> {
  const before = catalogue?.current ?? null;
  const visible = extended(parent?.visible ?? [], version);
  return { current: bundle.hash, bundles: [...(catalogue?.bundles ?? []), { ...bundle, visible, before }] };
}

function extended(ranges: VersionRanges, version: number): VersionRanges {
  const last = ranges.at(-1);
  if (last === undefined || last[1] !== version - 1) return [...ranges, [version, version]];
  return [...ranges.slice(0, -1), [last[0], version]];
}
