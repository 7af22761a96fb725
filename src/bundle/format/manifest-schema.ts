// The shape of a bundle's manifest: what is read is held to it before anything rests on it.
import { z } from 'zod';
import { historySchema } from '../../prep/descriptor/features.js';
import { loggedSchema } from '../../prep/descriptor/logged.js';
import { BUNDLE_FILES, BUNDLE_FORMAT, READ_VERSIONS, THROUGH } from './files.js';
import { graphSchema } from './graph-description.js';
import { rawInputSchema } from './raw-input.js';
import { shardSchema } from './shard.js';
import { VECTOR_TYPES } from './vector-type.js';

const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 hex digits expected');
const fileName = z.enum(Object.values(BUNDLE_FILES).filter((file) => file !== BUNDLE_FILES.manifest));
const inputs = z
  .array(rawInputSchema)
  .refine(
    (given) => new Set(given.map(({ name }) => name)).size === given.length,
    'names that differ expected',
  )
  .readonly();

/** How history features are computed of `history.parquet`. */
const keptHistorySchema = z.object({
  features: z
    .array(
      historySchema
        .pick({ name: true, of: true, statistic: true, days: true, delayMinutes: true, shrinkage: true })
        .readonly(),
    )
    .readonly(),
  /** Click rate that shrunken rates lean on. */
  trainRate: z.number(),
  /** Whether only clicks are events: the log's other rows were sampled. */
  sampled: z.boolean(),
  /** Time of the latest event counted, milliseconds since 1970; of earlier instants the file does not know. Null without events. */
  cutoffMs: z.number().nullable(),
});

const contentSchema = z.object({
  /** Version of the program that wrote it. */
  limaml: z.string(),
  /** What keeps vectors, support rows and features: a name of the registry of stores. */
  store: z.string(),
  model: z.object({
    name: z.string(),
    options: z.unknown(),
    /** SHA-256 of name, options and features. */
    configHash: z.string(),
    /** Length of the meta embedding; null for a model that adapts nothing. */
    dimensions: z.int().min(1).nullable(),
    /** Most support rows an entity is adapted on; null likewise. */
    maxSupport: z.int().min(1).nullable(),
  }),
  parents: z.object({
    run: z.string(),
    dataset: z.object({ name: z.string(), hash: z.string() }),
    checkpoint: z.object({ file: z.string(), sha256: z.string() }),
    /** Hash of the bundle that this one was refreshed from, and the events that came in. */
    bundle: sha256.nullable(),
    events: z.object({ file: z.string(), sha256, rows: count }).nullable(),
    /** Folder of vectors computed elsewhere that came in last. */
    vectors: z.object({ file: z.string(), sha256, rows: count }).readonly().exactOptional(),
  }),
  data: z.object({
    through: z.enum(THROUGH),
    /** Time of the latest support row, milliseconds since 1970; null without any. */
    cutoffMs: z.number().nullable(),
    /** Entities with a vector; 0 for a model that adapts nothing. */
    entities: count,
    supportRows: count,
  }),
  /** Of what one of several processes wrote, which is no bundle yet (docs/serving.md, "Several processes"). */
  shard: shardSchema.optional(),
  /** How stored vectors are kept (docs/serving.md, "Smaller vectors"); 32-bit floats where it is left out. */
  vectors: z
    .object({
      type: z.enum(VECTOR_TYPES),
      /** Of one vector. */
      bytes: z.int().min(1),
      /** Whether each vector begins with a scale that its numbers are multiplied by. */
      scale: z.enum(['none', 'each vector']),
    })
    .readonly()
    .optional(),
  score: graphSchema,
  adapt: graphSchema.nullable(),
  /** Raw values that the graphs read, by graph. */
  inputs: z.object({ score: inputs, adapt: inputs }),
  /** Null for a model without history features, or where their past is not known. */
  history: keptHistorySchema.readonly().nullable(),
  /** How the raw log is read. */
  descriptor: loggedSchema,
});

export const manifestSchema = contentSchema.extend({
  format: z.literal(BUNDLE_FORMAT.name),
  version: z.literal(READ_VERSIONS),
  /** SHA-256 of this manifest without the hash itself; names the bundle. */
  hash: sha256,
  /** Every other file of the folder. */
  files: z.partialRecord(fileName, z.object({ bytes: count, sha256 })),
});

export type BundleManifest = Readonly<z.output<typeof manifestSchema>>;
export type ManifestContent = Readonly<z.output<typeof contentSchema>>;
export type KeptHistory = NonNullable<ManifestContent['history']>;
export type EventsParent = NonNullable<ManifestContent['parents']['events']>;
