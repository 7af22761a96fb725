// Adam (Kingma & Ba 2015). Rows of a table that a batch does not touch are left alone.
import type { Moment, UpdateRule } from '../optimizer.js';

export const adam: UpdateRule = (rateOf, { scale, decay }) => {
  const [b1, b2, epsilon] = [0.9, 0.999, 1e-8];
  // The powers of a step are the same for all its rows, of which there may be tens of thousands.
  let known: Moment | undefined;
  let rate = 0;
  let small = 0;
  return {
    slots: 2,
    update(values, at, length, gradient, from, [first, second], moment) {
      if (moment !== known) {
        known = moment;
        const { step } = moment;
        const root2 = Math.sqrt(1 - b2 ** step);
        rate = (rateOf(moment) * root2) / (1 - b1 ** step);
        small = epsilon * root2;
      }
      for (let i = 0; i < length; i++) {
        const p = at + i;
        const g = scale * gradient[from + i]! + decay * values[p]!;
        const m = b1 * first![p]! + (1 - b1) * g;
        const v = b2 * second![p]! + (1 - b2) * g * g;
        first![p] = m;
        second![p] = v;
        values[p]! -= (rate * m) / (Math.sqrt(v) + small);
      }
    },
  };
};
