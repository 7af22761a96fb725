// FTRL-proximal (McMahan et al. 2013, algorithm 1) with L1 and L2; beta = 1. Its L2 is the weight decay.
import type { OptimizerOptions } from '../../../models/contract/options.js';
import type { Schedule, UpdateRule } from '../optimizer.js';

export function ftrl(rateOf: Schedule, { l1, weightDecay: l2 }: OptimizerOptions): UpdateRule {
  return {
    slots: 2,
    decays: true,
    move(values, at, length, gradient, [z, n], step) {
      const alpha = rateOf(step);
      for (let i = 0; i < length; i++) {
        const p = at + i;
        const g = gradient[i]!;
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
