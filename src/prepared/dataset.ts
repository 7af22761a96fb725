// The prepared data set as the rest of the program sees it: columns in typed arrays, one shard at a time.
import type { PreparedManifest } from './manifest.js';
import type { RawColumns } from './raw-column.js';

/** One encoded feature. Index 0 of every vocabulary means "unknown or missing". */
export type FeatureColumn =
  | {
      readonly kind: 'categorical';
      readonly name: string;
      /** Vocabulary size with the unknown at 0. */
      readonly size: number;
      /** [rows] */
      readonly indices: Int32Array;
    }
  | {
      readonly kind: 'multi';
      readonly name: string;
      readonly size: number;
      /** [rows + 1]: the values of row i are indices[offsets[i] .. offsets[i + 1]). */
      readonly offsets: Int32Array;
      readonly indices: Int32Array;
    }
  | {
      readonly kind: 'numeric';
      readonly name: string;
      /** [rows], normalised with statistics of the training rows; missing is 0 after normalisation. */
      readonly values: Float32Array;
    };

export type FeatureTable = ReadonlyMap<string, FeatureColumn>;

/**
 * The events of some entities, whole histories, sorted by entity index, then time, then source order.
 * The last axis of every column is the row.
 */
export interface EventShard {
  readonly rows: number;
  /** Distinct entity indexes in row order. */
  readonly entities: Int32Array;
  /** [entities + 1]: the rows of entities[i] are offsets[i] .. offsets[i + 1]. */
  readonly offsets: Int32Array;
  readonly entity: Int32Array;
  readonly item: Int32Array;
  /** Milliseconds since 1970 (exact up to 2^53). */
  readonly timestampMs: Float64Array;
  /** 0 or 1. */
  readonly label: Float32Array;
  /** `SPLIT` codes. */
  readonly split: Uint8Array;
  /** Event-level features. */
  readonly features: FeatureTable;
  /** True probability of a click, for synthetic data only. */
  readonly truth: Float64Array | undefined;
}

/** Rows of each split an entity or item (or feature value) occurs in, by index. */
export interface SplitCounts {
  readonly train: Int32Array;
  readonly valid: Int32Array;
  readonly test: Int32Array;
}

export interface PreparedDataset {
  readonly path: string;
  /** Content hash of the prepared folder, as in its manifest. */
  readonly hash: string;
  readonly manifest: PreparedManifest;
  readonly shardCount: number;
  shard(index: number): Promise<EventShard>;
  /** Member-side features; row i is the entity with index i. Row 0 is the unknown entity. */
  entityFeatures(): Promise<FeatureTable>;
  /** Item-side features; row i is the item with index i. Row 0 is the unknown item. */
  itemFeatures(): Promise<FeatureTable>;
  entityCounts(): Promise<SplitCounts>;
  itemCounts(): Promise<SplitCounts>;
  /**
   * Features of entities, of items (row i is index i) or of a shard's events as the log has them; a word of an event that has
   * no index is missing. Throws `UserError` PREPARED_NO_RAW where a folder of an older format holds no raw numbers.
   */
  raw(of: 'entity' | 'item' | { readonly shard: number }, features: readonly string[]): Promise<RawColumns>;
  /** The same of entities with index `from` .. `to` − 1, with their IDs as `entity`: members are too many to be held all at once. */
  rawEntities(from: number, to: number, features: readonly string[]): Promise<RawColumns>;
  /** Raw values by index for a column (`entity`, `item` or a categorical / multi feature); [0] is ''. */
  vocabulary(column: string): Promise<readonly string[]>;
}
