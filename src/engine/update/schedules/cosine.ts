// The learning rate rises linearly from nothing, then falls along half a cosine (Loshchilov & Hutter 2017, without restarts).
import type { ScheduleOptions } from '../../../models/contract/options.js';
import type { Moment } from '../optimizer.js';

/** Share of the rate: `epochs` / `warmup` at first, then from 1 down to `minimum` at the last epoch that the recipe allows. */
export function cosine({
  warmup,
  minimum,
}: Extract<ScheduleOptions, { kind: 'cosine' }>): (moment: Moment) => number {
  return ({ epochs, horizon }) => {
    if (epochs < warmup) return epochs / warmup;
    const gone = horizon > warmup ? Math.min(1, (epochs - warmup) / (horizon - warmup)) : 1;
    return minimum + ((1 - minimum) * (1 + Math.cos(Math.PI * gone))) / 2;
  };
}
