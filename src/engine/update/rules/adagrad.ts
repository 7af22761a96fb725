// AdaGrad (Duchi et al. 2011), accumulators from 0.1 as in the wide & deep authors' framework.
import type { UpdateRule } from '../optimizer.js';

export const adagrad: UpdateRule = (rateOf, { scale, decay }) => {
  return {
    slots: 1,
    update(values, at, length, gradient, from, [squares], moment) {
      const rate = rateOf(moment);
      for (let i = 0; i < length; i++) {
        const p = at + i;
        const g = scale * gradient[from + i]! + decay * values[p]!;
        squares![p]! += g * g;
        values[p]! -= (rate * g) / Math.sqrt(squares![p]! + 0.1);
      }
    },
  };
};
