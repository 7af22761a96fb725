// An epoch's record as the figures that a person sees.
import type { EpochRecord } from './training-state.js';
import type { FollowedMetrics } from './validate.js';

export function rateRecord(innerRate: number | undefined): { innerRate?: number } {
  return innerRate === undefined ? {} : { innerRate };
}

export function figuresOf(record: EpochRecord, { titles }: FollowedMetrics): Record<string, number | string> {
  const { loss, valid, innerRate } = record;
  return {
    loss,
    ...(valid === undefined
      ? {}
      : Object.fromEntries(
          Object.entries(titles).map(([name, title]) => [`valid ${title}`, valid[name] ?? 'undefined']),
        )),
    ...rateRecord(innerRate),
  };
}
