// The score card of a model: every metric's value with its interval, or why there is none.
import { bootstrapInterval } from '../uncertainty/bootstrap-interval.js';
import type { ResampledModel, ResampledModels } from './measure-models.js';

export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly standardError: number;
}

export interface Score {
  readonly value: number | null;
  /** Bootstrap interval over entities; null where there is none. */
  readonly interval: Interval | null;
  /** Why there is no value. */
  readonly reason?: string;
  /** Counts behind the value, and other numbers to read it by; and the same in words. */
  readonly detail?: Readonly<Record<string, number | string | null>>;
  readonly note?: string;
}

/** By the name of the metric. */
export type ScoreCard = Readonly<Record<string, Score>>;

export function scoreCard(
  { metrics, blocks }: Pick<ResampledModels, 'metrics' | 'blocks'>,
  { measurements, replicates }: ResampledModel,
  level: number,
): ScoreCard {
  const scores = metrics.map(({ name, interval: kind = 'percentile' }): [string, Score] => {
    const { rule: _, ...found } = measurements.get(name)!;
    const resampled = replicates.get(name);
    if (found.value === null || resampled === undefined) return [name, { ...found, interval: null }];
    const { value, ...rest } = found;
    const { low, high, standardError } = bootstrapInterval(value, resampled, blocks.blocks, level, kind);
    if (low === null) return [name, { ...found, interval: null }];
    const least = kind === 'basic' ? Math.max(0, low) : low;
    return [name, { value, interval: { low: least, high, standardError }, ...rest }];
  });
  return Object.fromEntries(scores);
}
