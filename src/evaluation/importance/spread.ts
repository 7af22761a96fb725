// Mean and t interval over repeats of one shuffling.
import { exactMean } from '../rows/exact-sum.js';
import { studentQuantile } from '../uncertainty/student-t.js';

export interface Spread {
  readonly mean: number;
  /** t interval of the mean over repeats; null with one. */
  readonly low: number | null;
  readonly high: number | null;
}

/** At least one value. */
export function spreadOf(values: readonly number[], level: number): Spread {
  const mean = exactMean(values);
  const n = values.length;
  if (n < 2) return { mean, low: null, high: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const reach = studentQuantile((1 + level) / 2, n - 1) * Math.sqrt(squares / (n - 1) / n);
  return { mean, low: mean - reach, high: mean + reach };
}
