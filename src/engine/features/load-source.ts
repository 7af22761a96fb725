// Loads the tables that encoding reads, for a stage of an experiment.

import type { PreparedDataset, SplitCounts } from '../../prepared/dataset.js';
import { SPLIT } from '../../prepared/format.js';
import type { FeatureSource } from './feature-source.js';

/** Entity and item features, with the IDs marked that occur in the split codes `learn`. */
export async function loadSource(dataset: PreparedDataset, learn: readonly number[]): Promise<FeatureSource> {
  const [entityFeatures, itemFeatures, entityCounts, itemCounts] = await Promise.all([
    dataset.entityFeatures(),
    dataset.itemFeatures(),
    dataset.entityCounts(),
    dataset.itemCounts(),
  ]);
  return {
    entityFeatures,
    itemFeatures,
    seenEntity: seen(entityCounts, learn),
    seenItem: seen(itemCounts, learn),
  };
}

function seen(counts: SplitCounts, learn: readonly number[]): Uint8Array {
  const valid = learn.includes(SPLIT.valid);
  return Uint8Array.from(counts.train, (train, id) =>
    id > 0 && (train > 0 || (valid && counts.valid[id]! > 0)) ? 1 : 0,
  );
}
