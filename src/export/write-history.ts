// The log's past into a bundle, for a model with history features.
import { join } from 'node:path';
import { BUNDLE_FILES, type Through } from '../bundle/format/files.js';
import type { KeptHistory } from '../bundle/format/manifest-schema.js';
import type { RawInput } from '../bundle/format/raw-input.js';
import type { LoggedDescriptor } from '../prep/descriptor/logged.js';
import { openPast, trainingRate } from '../prep/kept-past.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import type { Progress } from '../progress.js';
import { SUPPORT_CODES } from './write-vectors.js';

/**
 * Writes history.parquet from the rows that may be support. Null without a history feature among the inputs, and where the data does not
 * hold all of the log: such features must come with the rows then, which a warning says.
 */
export async function writeHistory(
  folder: string,
  dataset: PreparedDataset,
  { features, columns }: LoggedDescriptor,
  inputs: readonly RawInput[],
  through: Through,
  progress: Progress,
): Promise<KeptHistory | null> {
  const read = features.filter(
    (feature) => feature.kind === 'history' && inputs.some(({ name }) => name === feature.name),
  );
  const kept = read.flatMap((feature) => {
    if (feature.kind !== 'history') return [];
    const { name, of, statistic, days, delayMinutes, shrinkage } = feature;
    return [{ name, of, statistic, ...(days === undefined ? {} : { days }), delayMinutes, shrinkage }];
  });
  if (kept.length === 0) return null;
  if ((dataset.manifest.dropped['rows in the purge gap'] ?? 0) > 0) {
    progress({
      kind: 'warning',
      code: 'EXPORT_NO_HISTORY',
      text: `Rows of the purge gap count as past, and the prepared data does not hold them: the bundle cannot compute ${kept.map(({ name }) => name).join(', ')}, which rows and events must bring.`,
    });
    return null;
  }
  const sampled = columns?.label.kind === 'implicit';
  const formula = { features: kept, trainRate: await trainingRate(dataset, sampled), sampled };
  const past = await openPast(formula);
  try {
    const cutoffMs = await past.addPrepared(dataset, SUPPORT_CODES[through]);
    await past.write(join(folder, BUNDLE_FILES.history), cutoffMs);
    return { ...formula, cutoffMs };
  } finally {
    await past.close();
  }
}
