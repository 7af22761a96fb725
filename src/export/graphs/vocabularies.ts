// The dictionaries that exported graphs carry: which raw text has which index.

import type { RawInput } from '../../bundle/format/raw-input.js';
import type { FeatureSource } from '../../engine/features/feature-source.js';
import type { PreparedDataset } from '../../prepared/dataset.js';

/** Raw texts and their indexes; any other text has index 0, the unknown. */
export interface Dictionary {
  readonly keys: readonly string[];
  readonly indexes: readonly number[];
}

export interface Vocabularies {
  /** By input name, for IDs and features with values in words. */
  readonly dictionaries: ReadonlyMap<string, Dictionary>;
}

/** Inputs whose values are texts with an index. */
const hasWords = (input: RawInput): boolean => input.kind !== 'number';

/**
 * Loads the vocabularies of `inputs`. IDs that the model did not learn from are left out of the dictionaries, so that a graph
 * takes them for unknown just as training did.
 */
export async function loadVocabularies(
  dataset: PreparedDataset,
  inputs: readonly RawInput[],
  source: Pick<FeatureSource, 'seenEntity' | 'seenItem'>,
): Promise<Vocabularies> {
  const dictionaries = new Map<string, Dictionary>();
  for (const input of inputs.filter(hasWords)) {
    const texts = await dataset.vocabulary(input.name);
    const seen =
      input.kind !== 'id' ? undefined : input.side === 'entity' ? source.seenEntity : source.seenItem;
    const keys: string[] = [];
    const indexes: number[] = [];
    for (let index = 1; index < texts.length; index++) {
      if (seen !== undefined && seen[index] !== 1) continue;
      keys.push(texts[index]!);
      indexes.push(index);
    }
    dictionaries.set(input.name, { keys, indexes });
  }
  return { dictionaries };
}
