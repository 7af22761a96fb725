// What a prepared data set says of itself: the schema of `manifest.json`, documented for other engines in docs/prepared-format.md.
import { z } from 'zod';
import { PREPARED_FORMAT, READ_VERSIONS } from './format.js';

const count = z.int().min(0);
const name = z.string().regex(/^[a-z][a-z0-9_]*$/, 'lower-case letters, digits and underscores expected');
const file = z.string().regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$)).+$/, 'a path inside the folder expected');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 hex digits expected');
const side = z.enum(['entity', 'item', 'event']);
/** Vocabulary size with the unknown at 0. */
const size = z.int().min(1);

/** How a numeric column was turned into the stored value; all figures come from training rows only. */
const transformSchema = z.object({
  /** log1p of the value (sign kept) before standardising. */
  log: z.boolean(),
  /** stored = (transformed - mean) / deviation. */
  mean: z.number(),
  deviation: z.number().positive(),
  /** What a missing value became, in stored units: always 0. */
  missing: z.literal(0),
});

export const featureSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('categorical'),
    name,
    side,
    size,
    /** Upper edges of quantile buckets when the raw column is numeric: bucket of v is 1 + count(edges < v). */
    edges: z.array(z.number()).readonly().exactOptional(),
  }),
  /** `separator` parts the values in the raw text. */
  z.object({ kind: z.literal('multi'), name, side, size, separator: z.string().min(1) }),
  z.object({ kind: z.literal('numeric'), name, side, transform: transformSchema.readonly() }),
]);

const summarySchema = z.object({
  rows: count,
  entities: count,
  items: count,
  /** Mean label. */
  labelRate: z.number().min(0).max(1),
  /** Time range in milliseconds since 1970; null for an empty split. */
  fromMs: z.number().nullable(),
  toMs: z.number().nullable(),
});

const shardSchema = z.object({ file, rows: count, entities: count });

export const manifestSchema = z.object({
  format: z.literal(PREPARED_FORMAT.name),
  version: z.literal(READ_VERSIONS),
  dataset: z.string().min(1),
  /** SHA-256 over everything that decides the content: raw file hashes, resolved descriptor, code format version. */
  hash: sha256,
  /** Raw files by name relative to the data directory. */
  sources: z.array(z.object({ file: z.string(), bytes: count, sha256: z.string() }).readonly()).readonly(),
  /** The descriptor as resolved, overrides applied. */
  descriptor: z.unknown(),
  rows: count,
  /** Distinct entities and items; index tables have one more row, the unknown at 0. */
  entities: count,
  items: count,
  splits: z
    .object({
      train: summarySchema.readonly(),
      valid: summarySchema.readonly(),
      test: summarySchema.readonly(),
    })
    .readonly(),
  /** Rows that no model trains on but which may be adapted on; `entity-holdout` only. */
  support: summarySchema.readonly().exactOptional(),
  features: z.array(featureSchema.readonly()).readonly(),
  shards: z.array(shardSchema.readonly()).min(1).readonly(),
  /** SHA-256 of every file in the folder, by relative path; checked when the folder is opened. */
  files: z.record(file, sha256).readonly(),
  /** Dropped or repaired rows by reason: nothing is skipped in silence. */
  dropped: z.record(z.string(), z.number()).readonly(),
  /** SHA-256 of this manifest itself: of its canonical JSON without this key. */
  sha256: sha256.exactOptional(),
  /** Facts worth knowing that cost no rows, by name: cuts moved off equal times, entities without a side row. */
  notes: z.record(z.string(), z.number()).readonly().exactOptional(),
  /** AUC that the true probabilities reach on each split; synthetic data only. */
  oracleAuc: z
    .object({
      train: z.number().exactOptional(),
      valid: z.number().exactOptional(),
      test: z.number().exactOptional(),
    })
    .readonly()
    .exactOptional(),
});

export type NumericTransform = Readonly<z.output<typeof transformSchema>>;
export type FeatureSpec = Readonly<z.output<typeof featureSchema>>;
export type SplitSummary = Readonly<z.output<typeof summarySchema>>;
export type ShardSummary = Readonly<z.output<typeof shardSchema>>;
export type PreparedManifest = Readonly<z.output<typeof manifestSchema>>;

/** Buckets of numbers have edges instead of values in words. */
export const hasVocabulary = (spec: FeatureSpec): boolean =>
  spec.kind === 'multi' || (spec.kind === 'categorical' && spec.edges === undefined);
