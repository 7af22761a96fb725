// What a prepared data set says of itself: `manifest.json`, documented for other engines in docs/prepared-format.md.
import type { SplitName } from './dataset.js';

/** Version of the folder layout; a reader names the version it cannot read. */
export const PREPARED_FORMAT = { name: 'limaml-prepared', version: 1 } as const;

export type FeatureSide = 'entity' | 'item' | 'event';

/** How a numeric column was turned into the stored value; all figures come from training rows only. */
export interface NumericTransform {
  /** log1p of the value (sign kept) before standardising. */
  readonly log: boolean;
  /** stored = (transformed - mean) / deviation. */
  readonly mean: number;
  readonly deviation: number;
  /** What a missing value became, in stored units: always 0. */
  readonly missing: 0;
}

export type FeatureSpec =
  | {
      readonly name: string;
      readonly side: FeatureSide;
      readonly kind: 'categorical';
      /** Vocabulary size with the unknown at 0. */
      readonly size: number;
      /** Upper edges of quantile buckets when the raw column is numeric: bucket of v is 1 + count(edges < v). */
      readonly edges?: readonly number[];
    }
  | {
      readonly name: string;
      readonly side: FeatureSide;
      readonly kind: 'multi';
      readonly size: number;
      /** What separates the values in the raw text. */
      readonly separator: string;
    }
  | {
      readonly name: string;
      readonly side: FeatureSide;
      readonly kind: 'numeric';
      readonly transform: NumericTransform;
    };

export interface SplitSummary {
  readonly rows: number;
  readonly entities: number;
  readonly items: number;
  /** Mean label. */
  readonly labelRate: number;
  /** Time range in milliseconds since 1970; null for an empty split. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

export interface ShardSummary {
  readonly file: string;
  readonly rows: number;
  readonly entities: number;
}

export interface PreparedManifest {
  readonly format: typeof PREPARED_FORMAT.name;
  readonly version: number;
  readonly dataset: string;
  /** SHA-256 over everything that decides the content: raw file hashes, resolved descriptor, code format version. */
  readonly hash: string;
  /** Raw files by name relative to the data directory. */
  readonly sources: readonly { readonly file: string; readonly bytes: number; readonly sha256: string }[];
  /** The descriptor as resolved, overrides applied. */
  readonly descriptor: unknown;
  readonly rows: number;
  /** Distinct entities and items; index tables have one more row, the unknown at 0. */
  readonly entities: number;
  readonly items: number;
  readonly splits: Readonly<Record<SplitName, SplitSummary>>;
  /** Rows that no model trains on but which may be adapted on; `entity-holdout` only. */
  readonly support?: SplitSummary;
  readonly features: readonly FeatureSpec[];
  readonly shards: readonly ShardSummary[];
  /** SHA-256 of every file in the folder, by relative path; checked when the folder is opened. */
  readonly files: Readonly<Record<string, string>>;
  /** Dropped or repaired rows by reason: nothing is skipped in silence. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Facts worth knowing that cost no rows, by name: cuts moved off equal times, entities without a side row. */
  readonly notes?: Readonly<Record<string, number>>;
  /** AUC that the true probabilities reach on each split; synthetic data only. */
  readonly oracleAuc?: Readonly<Partial<Record<SplitName, number>>>;
}
