// An optimiser is a chain: transforms of the gradient, then a rule that moves the values by it at the rate of a schedule. It
// works a row at a time; a dense parameter is one row.
import type { OptimizerOptions } from '../../models/contract/options.js';
import type { KernelMemory } from '../memory/kernel-memory.js';

/** Per-value memory of a rule, laid out like the values themselves. */
export type OptimizerSlots = readonly Float32Array[];

/** What is updated: transforms tell them apart. Biases and rates are `plain`. */
export type Subject = 'weights' | 'plain' | 'table';

/** Where training stands at a step: all that a schedule may look at. Plain data, which is posted to workers. */
export interface Moment {
  /** Updates of the whole model from 1, this one counted. */
  readonly step: number;
  /** Epochs done, with the part of the present one that this step ends. */
  readonly epochs: number;
  /** Most epochs that the recipe allows. */
  readonly horizon: number;
  /** Validation scores of the epochs before this one, larger is better; while refitting those of the epochs when the epoch was chosen. */
  readonly scores: readonly number[];
}

/** Learning rate of a step. */
export type Schedule = (moment: Moment) => number;

/**
 * What a rule takes for the gradient g of a value w: scale · g + decay · w. Transforms are kept in this form, for the rule to
 * work out in its own loop: a pass of its own over every row makes the update of a table a third slower.
 */
export interface Gradient {
  readonly scale: number;
  readonly decay: number;
}

/** The gradient as it is. */
const PLAIN: Gradient = { scale: 1, decay: 0 };

/** What it makes of the gradient that the one before left, for values of this kind. */
export type GradientTransform = (
  before: Gradient,
  options: OptimizerOptions,
  subject: Subject,
  rule: Pick<UpdateRule, 'decays'>,
) => Gradient;

export interface Optimizer {
  /** How many slot arrays it needs. */
  readonly slots: number;
  /** Updates values[at .. at + length) in place by gradient[from ...). One object stands for one step, for all of its rows. */
  update(
    values: Float32Array,
    at: number,
    length: number,
    gradient: Float32Array,
    from: number,
    slots: OptimizerSlots,
    moment: Moment,
  ): void;
  /**
   * How the listed rows of a table are moved all together, the i-th by gradient[i · dim ...); undefined where they are to be moved one
   * after the other, by `update`. It holds until the next is asked for.
   */
  rowsMover?(
    rows: Int32Array,
    dim: number,
    values: Float32Array,
    gradient: Float32Array,
    slots: OptimizerSlots,
    moment: Moment,
  ): RowsMover | undefined;
}

/** Moves the rows from one place of the list up to another. */
export type RowsMover = (start: number, end: number) => void;

export interface UpdateRule {
  /** @param memory where the values may lie, so that a kernel can move them */
  (rateOf: Schedule, gradient: Gradient, options: OptimizerOptions, memory?: KernelMemory): Optimizer;
  /** Set where the rule takes the weight decay in itself, so that no transform may add it. */
  readonly decays?: true;
}

/** The transforms in order, then the rule. */
export function chain(
  rule: UpdateRule,
  transforms: readonly GradientTransform[],
  schedule: Schedule,
  options: OptimizerOptions,
  subject: Subject,
  memory?: KernelMemory,
): Optimizer {
  const gradient = transforms.reduce((before, transform) => transform(before, options, subject, rule), PLAIN);
  return rule(schedule, gradient, options, memory);
}
