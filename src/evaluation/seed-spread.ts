// How much a number moves when training is repeated with another seed: apart from, never mixed with, the spread over entities.
import { InternalError } from '../errors.js';
import { exactMean } from './rows/exact-sum.js';
import { studentQuantile } from './uncertainty/student-t.js';

export interface SeedValue {
  readonly seed: number;
  readonly value: number;
}

export interface SeedSpread {
  readonly values: readonly SeedValue[];
  readonly mean: number;
  /** Sample standard deviation of one run; null, like the interval, with a single seed. */
  readonly standardDeviation: number | null;
  /** t interval of the mean over seeds, on the same evaluated rows. */
  readonly low: number | null;
  readonly high: number | null;
  readonly level: number;
}

/**
 * Mean, standard deviation and t interval over seeds. The evaluated rows are the same for all, so this says nothing
 * about other entities; and an interval over entities says nothing about other seeds.
 */
export function seedSpread(values: readonly SeedValue[], level: number): SeedSpread {
  const count = values.length;
  if (count === 0) throw new InternalError('No seeds to take a mean of.');
  if (new Set(values.map(({ seed }) => seed)).size !== count)
    throw new InternalError(`A seed occurs twice: ${values.map(({ seed }) => seed).join(', ')}.`);
  const mean = exactMean(values.map(({ value }) => value));
  if (count === 1) return { values, mean, standardDeviation: null, low: null, high: null, level };
  const squares = values.reduce((sum, { value }) => sum + (value - mean) ** 2, 0);
  const standardDeviation = Math.sqrt(squares / (count - 1));
  const reach = (studentQuantile((1 + level) / 2, count - 1) * standardDeviation) / Math.sqrt(count);
  return { values, mean, standardDeviation, low: mean - reach, high: mean + reach, level };
}
