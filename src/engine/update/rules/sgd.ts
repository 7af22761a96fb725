// Plain gradient descent.
import type { Schedule, UpdateRule } from '../optimizer.js';

export function sgd(rateOf: Schedule): UpdateRule {
  return {
    slots: 0,
    move(values, at, length, gradient, _slots, step) {
      const rate = rateOf(step);
      for (let i = 0; i < length; i++) values[at + i]! -= rate * gradient[i]!;
    },
  };
}
