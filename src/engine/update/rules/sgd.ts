// Plain gradient descent.
import type { UpdateRule } from '../optimizer.js';

export const sgd: UpdateRule = (rateOf, { scale, decay }) => {
  return {
    slots: 0,
    update(values, at, length, gradient, from, _slots, moment) {
      const rate = rateOf(moment);
      for (let i = 0; i < length; i++)
        values[at + i]! -= rate * (scale * gradient[from + i]! + decay * values[at + i]!);
    },
  };
};
