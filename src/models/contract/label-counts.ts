// Clicks counted over the rows that a model learns from: all there is to a model that learns by counts.

/** Rows and clicks by index of the entity or item; index 0 stands for nobody. */
export interface Counts {
  readonly rows: Float64Array;
  readonly clicks: Float64Array;
}

export interface LabelCounts {
  readonly entity: Counts;
  readonly item: Counts;
}

/** Values of parameters and tables by name, row-major; what is not named keeps its start value. */
export type CountedNumbers = ReadonlyMap<string, Float32Array>;
