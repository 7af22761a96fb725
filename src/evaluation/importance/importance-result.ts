// What each feature is worth to a trained model, as plain data.
import type { Spread } from './spread.js';

/** One field of the model: what is lost where scored rows have each other's values of it. */
export interface FieldImportance {
  readonly field: string;
  /** `entity` and `item` are the IDs themselves. */
  readonly of: 'entity' | 'item' | 'event' | 'id';
  /** AUC as scored, less that with exchanged values; null where one of the labels is missing. */
  readonly auc: Spread | null;
  /** Log loss with exchanged values, less that as scored. */
  readonly logLoss: Spread;
}

export interface Importance {
  readonly model: string;
  readonly split: 'test';
  readonly rows: number;
  readonly entities: number;
  /** What there is in all, where only a sample of the entities was scored. */
  readonly sampledFrom: { readonly rows: number; readonly entities: number } | null;
  readonly repeats: number;
  readonly seed: number;
  readonly level: number;
  /** As scored, with no value exchanged. */
  readonly auc: number | null;
  readonly logLoss: number;
  /** The most important first. */
  readonly fields: readonly FieldImportance[];
  /** What a reader must know. */
  readonly conditions: readonly string[];
}
