// An optimiser is a chain: transforms of the gradient, then a rule that moves the values. It works a row at a time; a dense
// parameter is one row.

/** Per-value memory of a rule, laid out like the values themselves. */
export type OptimizerSlots = readonly Float32Array[];

/** What is updated: transforms tell them apart. Biases and rates are `plain`. */
export type Subject = 'weights' | 'plain' | 'table';

/** Changes gradient[0 .. length) in place; values[at .. at + length) are what it is the gradient of. */
export type GradientTransform = (
  gradient: Float64Array,
  values: Float32Array,
  at: number,
  length: number,
) => void;

/** Learning rate of a step of the whole model, counted from 1. */
export type Schedule = (step: number) => number;

export interface UpdateRule {
  /** How many slot arrays it needs. */
  readonly slots: number;
  /** Set where the rule takes the weight decay in itself, so that no transform may add it. */
  readonly decays?: true;
  /** Moves values[at .. at + length) in place by gradient[0 .. length). `step` counts updates of the whole model from 1. */
  move(
    values: Float32Array,
    at: number,
    length: number,
    gradient: Float64Array,
    slots: OptimizerSlots,
    step: number,
  ): void;
}

export interface Optimizer {
  readonly slots: number;
  /** Updates values[at .. at + length) in place by gradient[from ...). */
  update(
    values: Float32Array,
    at: number,
    length: number,
    gradient: Float32Array,
    from: number,
    slots: OptimizerSlots,
    step: number,
  ): void;
}

/** The transforms in order, then the rule. */
export function chain(transforms: readonly GradientTransform[], rule: UpdateRule): Optimizer {
  // In double precision, so that a link of the chain rounds nothing.
  let row = new Float64Array(64);
  return {
    slots: rule.slots,
    update(values, at, length, gradient, from, slots, step) {
      if (row.length < length) row = new Float64Array(length);
      for (let i = 0; i < length; i++) row[i] = gradient[from + i]!;
      for (const transform of transforms) transform(row, values, at, length);
      rule.move(values, at, length, row, slots, step);
    },
  };
}
