// What a database must be able to do to keep published bundles: versions of rows beside each other, and one catalogue.

/** A row's key says its table and whom it is of; of one key several versions may be there. */
export interface StoredRow {
  readonly key: string;
  readonly version: number;
  readonly value: Uint8Array;
}

/** Ranges of version numbers, both ends included. */
export type VersionRanges = readonly (readonly [number, number])[];

export interface DriverWriter {
  /** The catalogue as no other writer can change it any more; undefined in an empty store. */
  readonly catalogue: string | undefined;
  /** A version number that nobody has used. */
  readonly version: number;
  put(rows: readonly StoredRow[]): Promise<void>;
  remove(rows: readonly Pick<StoredRow, 'key' | 'version'>[]): Promise<void>;
  /** Makes the catalogue the one that readers see: at once, and after all that was put. Throws STORE_LOCK_LOST. */
  commit(catalogue: string): Promise<void>;
}

export interface Driver {
  catalogue(): Promise<string | undefined>;
  /** Of each key the value of its latest version within the ranges; undefined where there is none. */
  get(keys: readonly string[], visible: VersionRanges): Promise<readonly (Uint8Array | undefined)[]>;
  /** Every key that begins with `prefix`, with the versions that it has, piece by piece. */
  scan(prefix: string): AsyncIterable<readonly (readonly [key: string, versions: readonly number[]])[]>;
  /** Does `work` as the only writer, waiting for another. Without `commit` no reader ever sees what was put. Throws BUSY. */
  write<T>(work: (writer: DriverWriter) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** How long a writer waits for another. */
export const PATIENCE_MS = 600_000;

export const isVisible = (version: number, visible: VersionRanges): boolean =>
  visible.some(([from, to]) => version >= from && version <= to);
