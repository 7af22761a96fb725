// What is wrong with a manifest: its shape, and what its parts must say of each other. It may be another program's.
import { EVENT_COLUMNS, SIDE_COLUMNS, SIDE_FILE, vocabularyFile } from './format.js';
import { type FeatureSpec, hasVocabulary, manifestSchema, type PreparedManifest } from './manifest.js';

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
  return [...faults, ...nameFaults(features)];
}

/** Names of features that are taken already. */
export const nameFaults = (features: readonly FeatureSpec[]): readonly string[] =>
  features.flatMap(({ name, side }, place) => [
    ...(features.findIndex((other) => other.name === name) < place
      ? [`features.${place}: there are two features "${name}"`]
      : []),
    ...((side === 'event' ? EVENT_COLUMNS : SIDE_COLUMNS).includes(name)
      ? [`features.${place}: the name "${name}" is taken by a column of the file`]
      : []),
  ]);
