// Optimisers, as updates of one row of values by its gradient. Dense parameters are one row each.
import type { OptimizerOptions } from '../../models/options.js';

/** Per-value memory of an optimiser, laid out like the values themselves. */
export type OptimizerSlots = readonly Float32Array[];

export interface Optimizer {
  /** How many slot arrays it needs. */
  readonly slots: number;
  /** Updates values[at .. at + length) in place by gradient[from ...). `step` counts updates of the whole model from 1. */
  update(
    values: Float32Array,
    at: number,
    length: number,
    gradient: Float32Array,
    from: number,
    slots: OptimizerSlots,
    step: number,
    decay: number,
  ): void;
}

/** The optimiser of these options; weight decay is passed at each update, since biases and rates have none. */
export function makeOptimizer(options: OptimizerOptions): Optimizer {
  switch (options.name) {
    case 'adam':
      return adam(options.learningRate);
    case 'adagrad':
      return adagrad(options.learningRate);
    case 'ftrl':
      return ftrl(options.learningRate, options.l1, options.weightDecay);
    case 'sgd':
      return sgd(options.learningRate);
  }
}

/** Adam (Kingma & Ba 2015) with b1 = 0.9, b2 = 0.999. Rows of a table that a batch does not touch are left alone. */
function adam(learningRate: number, b1 = 0.9, b2 = 0.999, epsilon = 1e-8): Optimizer {
  // The powers of a step are the same for all its rows, of which there may be tens of thousands.
  let known = 0;
  let rate = 0;
  let small = 0;
  return {
    slots: 2,
    update(values, at, length, gradient, from, [first, second], step, decay) {
      if (step !== known) {
        known = step;
        const root2 = Math.sqrt(1 - b2 ** step);
        rate = (learningRate * root2) / (1 - b1 ** step);
        small = epsilon * root2;
      }
      for (let i = 0; i < length; i++) {
        const p = at + i;
        const g = gradient[from + i]! + decay * values[p]!;
        const m = b1 * first![p]! + (1 - b1) * g;
        const v = b2 * second![p]! + (1 - b2) * g * g;
        first![p] = m;
        second![p] = v;
        values[p]! -= (rate * m) / (Math.sqrt(v) + small);
      }
    },
  };
}

/** AdaGrad (Duchi et al. 2011), accumulators from 0.1 as in the wide & deep authors' framework. */
function adagrad(learningRate: number): Optimizer {
  return {
    slots: 1,
    update(values, at, length, gradient, from, [squares], _step, decay) {
      for (let i = 0; i < length; i++) {
        const p = at + i;
        const g = gradient[from + i]! + decay * values[p]!;
        squares![p]! += g * g;
        values[p]! -= (learningRate * g) / Math.sqrt(squares![p]! + 0.1);
      }
    },
  };
}

/** FTRL-proximal (McMahan et al. 2013, algorithm 1) with L1 and L2; beta = 1. */
function ftrl(alpha: number, l1: number, l2: number): Optimizer {
  return {
    slots: 2,
    update(values, at, length, gradient, from, [z, n]) {
      for (let i = 0; i < length; i++) {
        const p = at + i;
        const g = gradient[from + i]!;
        const sigma = (Math.sqrt(n![p]! + g * g) - Math.sqrt(n![p]!)) / alpha;
        z![p]! += g - sigma * values[p]!;
        n![p]! += g * g;
        const sign = Math.sign(z![p]!);
        const size = Math.abs(z![p]!);
        values[p] = size <= l1 ? 0 : -(z![p]! - sign * l1) / ((1 + Math.sqrt(n![p]!)) / alpha + l2);
      }
    },
  };
}

function sgd(learningRate: number): Optimizer {
  return {
    slots: 0,
    update(values, at, length, gradient, from, _slots, _step, decay) {
      for (let i = 0; i < length; i++)
        values[at + i]! -= learningRate * (gradient[from + i]! + decay * values[at + i]!);
    },
  };
}
