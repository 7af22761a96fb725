// What keeps a bundle's vectors, support rows and features: the interface that every store implements.
import type { RawColumns, RawPiece } from '../../prepared/raw-column.js';
import type { RawInput } from '../format/raw-input.js';
import type { VectorType } from '../format/vector-type.js';

/** What is kept, by the bundle's inputs. */
export interface StoreLayout {
  /** Length of a vector; null for a model that adapts nothing, which keeps features only. */
  readonly dimensions: number | null;
  /** How its numbers are kept. Whatever it is, vectors come and go as 32-bit floats. */
  readonly vectorType: VectorType;
  /** Kept with each support row. */
  readonly event: readonly RawInput[];
  readonly entity: readonly RawInput[];
  readonly item: readonly RawInput[];
}

/** Named entities, or about a `share` of all (0 to 1), the same for the same seed. */
export type EntityChoice =
  | { readonly ids: readonly string[] }
  | { readonly share: number; readonly seed: number };

export interface BundleStore {
  /** Vectors [ids × dimensions] of entities, zeros where there is none, and which are there (1). */
  vectors(ids: readonly string[]): Promise<{ readonly vectors: Float32Array; readonly found: Uint8Array }>;
  /** Raw features of entities or items by name, row by row; missing where the ID is not known. */
  features(side: 'entity' | 'item', ids: readonly string[]): Promise<RawColumns>;
  /**
   * Support rows of the chosen entities, piece by piece: entity, item, timestamp_ms, label and event features; those of an entity
   * together, oldest first. Of a share, only of entities whose vector rests on these rows: one that was computed elsewhere does not.
   */
  support(of: EntityChoice): AsyncIterable<RawPiece>;
  /** Entities among the chosen that have a vector and no support rows. */
  withoutSupport(of: EntityChoice): AsyncIterable<readonly string[]>;
  /** Frees what reading holds open. */
  close?(): Promise<void>;
}

/**
 * How entities will be asked for: in whatever order; many in ascending order, so that none needs to be kept in memory; or one at a
 * time by somebody who waits, so that all that fits is.
 */
export type Reading = 'any order' | 'ascending' | 'at once';

/** Vectors of entities with what they rest on. */
export interface VectorRows {
  readonly entities: readonly string[];
  /** [entities × dimensions] */
  readonly vectors: Float32Array;
  /** Support rows of each, NaN for a vector computed elsewhere; and the time of the latest, NaN without any. */
  readonly support: ArrayLike<number>;
  readonly lastEventMs: ArrayLike<number>;
}

export interface StoreFigures {
  readonly entities: number;
  readonly supportRows: number;
  /** Time of the latest support row; null without any. */
  readonly cutoffMs: number | null;
}

/** Fills a store; what is put for an entity takes the place of all that was kept of it. What a call gives back is awaited before the next. */
export interface StoreWriter {
  putVectors(rows: VectorRows): void | Promise<void>;
  /** Support rows of whole entities, oldest first: columns as `BundleStore.support` gives them. */
  putSupport(rows: RawPiece): void | Promise<void>;
  /** Raw features, with the ID in the column `entity` or `item`. */
  putFeatures(side: 'entity' | 'item', rows: RawPiece): void | Promise<void>;
  /** Makes what was put readable, whole or not at all. */
  finish(): Promise<StoreFigures>;
  /** Frees what is held; without `finish` nothing was written. */
  close(): Promise<void>;
}

/** A way to keep a bundle's tables. `folder` is the bundle's. */
export interface StoreKind {
  readonly name: string;
  /**
   * `requireUnchanged` throws where another bundle has taken the place of this one in the folder: who serves for days, and does not hold
   * all, asks after every read of its files.
   */
  open(
    folder: string,
    layout: StoreLayout,
    reading?: Reading,
    requireUnchanged?: () => Promise<void>,
  ): BundleStore;
  create(folder: string, layout: StoreLayout): Promise<StoreWriter>;
  /** A writer of `folder` that begins with all that the bundle `older` keeps. `vectors`: only these are put, support rows all stay. */
  update(folder: string, older: string, layout: StoreLayout, puts?: 'vectors' | 'all'): Promise<StoreWriter>;
}
