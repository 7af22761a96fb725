// AdaGrad (Duchi et al. 2011), accumulators from 0.1 as in the wide & deep authors' framework.
import type { Schedule, UpdateRule } from '../optimizer.js';

export function adagrad(rateOf: Schedule): UpdateRule {
  return {
    slots: 1,
    move(values, at, length, gradient, [squares], step) {
      const rate = rateOf(step);
      for (let i = 0; i < length; i++) {
        const p = at + i;
        const g = gradient[i]!;
        squares![p]! += g * g;
        values[p]! -= (rate * g) / Math.sqrt(squares![p]! + 0.1);
      }
    },
  };
}
