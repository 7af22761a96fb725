// The shape of a prepared data set's manifest, and what its parts must say of each other: it may be another program's.
import { z } from 'zod';
import { EVENT_COLUMNS, SIDE_COLUMNS } from '../prep/descriptor/features.js';
import { hasVocabulary, SIDE_FILE, vocabularyFile } from '../prep/write/write-side.js';
import { PREPARED_FORMAT, type PreparedManifest } from './manifest.js';

const count = z.int().min(0);
const name = z.string().regex(/^[a-z][a-z0-9_]*$/, 'lower-case letters, digits and underscores expected');
const file = z.string().regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$)).+$/, 'a path inside the folder expected');
const side = z.enum(['entity', 'item', 'event']);
const size = z.int().min(1);

const featureSchema = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('categorical'),
    name,
    side,
    size,
    edges: z.array(z.number()).optional(),
  }),
  z.looseObject({ kind: z.literal('multi'), name, side, size, separator: z.string().min(1) }),
  z.looseObject({
    kind: z.literal('numeric'),
    name,
    side,
    transform: z.looseObject({
      log: z.boolean(),
      mean: z.number(),
      deviation: z.number().positive(),
      missing: z.literal(0),
    }),
  }),
]);

const summarySchema = z.looseObject({
  rows: count,
  entities: count,
  items: count,
  labelRate: z.number().min(0).max(1),
  fromMs: z.number().nullable(),
  toMs: z.number().nullable(),
});

const manifestSchema = z.looseObject({
  format: z.literal(PREPARED_FORMAT.name),
  version: z.literal(PREPARED_FORMAT.version),
  dataset: z.string().min(1),
  hash: z.string().regex(/^[0-9a-f]{64}$/, '64 hex digits expected'),
  sources: z.array(z.looseObject({ file: z.string(), bytes: count, sha256: z.string() })),
  rows: count,
  entities: count,
  items: count,
  splits: z.looseObject({ train: summarySchema, valid: summarySchema, test: summarySchema }),
  support: summarySchema.optional(),
  features: z.array(featureSchema),
  shards: z.array(z.looseObject({ file, rows: count, entities: count })).nonempty(),
  files: z.record(file, z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hex expected')),
  dropped: z.record(z.string(), z.number()),
  notes: z.record(z.string(), z.number()).optional(),
  oracleAuc: z.looseObject({}).optional(),
});

/** What is wrong with a manifest of our format and version, in words; empty where nothing is. */
export function manifestFaults(manifest: unknown): readonly string[] {
  const checked = manifestSchema.safeParse(manifest);
  if (!checked.success)
    return checked.error.issues.map(({ path, message }) => `${path.join('.') || 'manifest'}: ${message}`);
  return contradictions(manifest as PreparedManifest);
}

function contradictions(manifest: PreparedManifest): readonly string[] {
  const { rows, features, shards, files, splits, support } = manifest;
  const faults: string[] = [];
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const inShards = sum(shards.map((shard) => shard.rows));
  if (inShards !== rows) faults.push(`rows: ${rows}, but the shards hold ${inShards}`);
  const inSplits = sum(
    [splits.train, splits.valid, splits.test, ...(support ? [support] : [])].map((s) => s.rows),
  );
  if (inSplits !== rows) faults.push(`rows: ${rows}, but the splits hold ${inSplits}`);
  const needed = [
    ...shards.map((shard) => shard.file),
    ...Object.values(SIDE_FILE),
    ...features.flatMap((spec) => (hasVocabulary(spec) ? [vocabularyFile(spec.name)] : [])),
  ];
  for (const missing of needed.filter((path) => !(path in files)))
    faults.push(`files: "${missing}" is not listed`);
  features.forEach(({ name, side }, place) => {
    if (features.findIndex((other) => other.name === name) < place)
      faults.push(`features.${place}: there are two features "${name}"`);
    if ((side === 'event' ? EVENT_COLUMNS : SIDE_COLUMNS).includes(name))
      faults.push(`features.${place}: the name "${name}" is taken by a column of the file`);
  });
  return faults;
}
