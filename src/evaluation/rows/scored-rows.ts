// Scored rows: what every metric and every comparison is computed from.
import type { EntityPairs } from './entity-pairs.js';

export interface ScoredRows {
  readonly rows: number;
  /** Entity index of each row. */
  readonly entity: Int32Array;
  readonly item: Int32Array;
  readonly timestampMs: Float64Array;
  /** 0 or 1. */
  readonly label: Uint8Array;
  /** Probability of a click by model name, each [rows]. */
  readonly scores: ReadonlyMap<string, Float64Array>;
  /** Events of the row's entity that the models were allowed to learn from or adapt on. */
  readonly historyLength: Int32Array;
  /** Time since the last of those events in milliseconds; NaN where there is none. */
  readonly sinceLastMs: Float64Array;
  /** Time since the row's vector was last renewed, in milliseconds; absent where that is not asked. */
  readonly vectorAgeMs?: Float64Array;
  /** [rows] events of the row's item that the first model learned from; absent where that is not known. */
  readonly itemEvents?: Int32Array;
  /** By model name: pairs of each entity's rows, for models whose scores of an entity move with its past. */
  readonly pairs?: ReadonlyMap<string, EntityPairs>;
  /** Values of categorical features named in the recipe, as text, by feature name. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
}
