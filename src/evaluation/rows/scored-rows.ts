// Scored rows: what every metric and every comparison is computed from.

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
  /** Values of categorical features named in the recipe, as text, by feature name. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
}
