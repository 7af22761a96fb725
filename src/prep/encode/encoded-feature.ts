// One feature, ready to be written: its spec for the manifest and the SQL that encodes it.
import type { FeatureSpec } from '../../prepared/manifest.js';

export interface EncodedFeature {
  readonly spec: FeatureSpec;
  /** SQL of the stored value over the relation aliased `r` and the joins. */
  readonly sql: string;
  /** SQL of its words as the log has them, over the same relation; only for features whose values are words. */
  readonly words?: string;
  /** `LEFT JOIN …` that the SQL needs; empty where it needs none. */
  readonly join: string;
}

/** Where raw values are found and which rows teach vocabularies and statistics. */
export interface EncodingSource {
  /** SQL relation with the columns f_<feature>. */
  readonly relation: string;
  /** SQL condition for training rows (events) or for entities and items that occur in training rows. */
  readonly train: string;
  /** SQL condition that thins the training rows for quantiles of very long logs. */
  readonly sample: string;
}

export const vocabularyTable = (feature: string): string => `vocabulary_${feature}`;
