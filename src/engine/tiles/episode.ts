// One entity's rows as a task: what it is adapted on, and what is scored with that.

export interface Episode {
  readonly entity: number;
  /** Rows of the shard, in time order. */
  readonly support: Int32Array;
  /** [support] labels in place of the rows' own (the placebo). */
  readonly supportLabel?: Float32Array;
  readonly query: Int32Array;
}
