// FTRL-proximal (McMahan et al. 2013, algorithm 1) with L1 and L2; beta = 1. Its L2 is the weight decay. Every value has a rate of
// its own that falls with its gradients; a schedule of the rate would part it from the sums it rests on, so options refuse one.
import type { UpdateRule } from '../optimizer.js';

const rule: UpdateRule = (rateOf, { scale, decay }, { l1, weightDecay: l2 }) => {
  return {
    slots: 2,
    update(values, at, length, gradient, from, [z, n], moment) {
      const alpha = rateOf(moment);
      for (let i = 0; i < length; i++) {
        const p = at + i;
        const g = scale * gradient[from + i]! + decay * values[p]!;
        const sigma = (Math.sqrt(n![p]! + g * g) - Math.sqrt(n![p]!)) / alpha;
        z![p]! += g - sigma * values[p]!;
        n![p]! += g * g;
        const sign = Math.sign(z![p]!);
        const size = Math.abs(z![p]!);
        values[p] = size <= l1 ? 0 : -(z![p]! - sign * l1) / ((1 + Math.sqrt(n![p]!)) / alpha + l2);
      }
    },
  };
};

export const ftrl: UpdateRule = Object.assign(rule, { decays: true as const });
