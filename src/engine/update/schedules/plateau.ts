// The learning rate falls when the validation score does not get better.
import type { ScheduleOptions } from '../../../models/contract/options.js';
import type { Moment } from '../optimizer.js';

/**
 * Share of the rate that is left: times `factor` whenever the score was not better than the best before for `patience` epochs in
 * a row (then counted anew), and never below `minimum`. With a patience of 1 it is what FuxiCTR does.
 */
export function plateau({
  factor,
  patience,
  minimum,
}: Extract<ScheduleOptions, { kind: 'plateau' }>): (moment: Moment) => number {
  return ({ scores }) => {
    let share = 1;
    let best = Number.NEGATIVE_INFINITY;
    let waited = 0;
    for (const score of scores) {
      if (score > best) {
        best = score;
        waited = 0;
      } else if (++waited === patience) {
        share = Math.max(share * factor, minimum);
        waited = 0;
      }
    }
    return share;
  };
}
