// A number over seeds and entities together: what another training, and other entities, would do to it.
import { exactMean } from './rows/exact-sum.js';
import { type SeedValue, seedSpread } from './seed-spread.js';
import { studentQuantile } from './uncertainty/student-t.js';

/** What one seed gave on the shared rows. */
export interface SeedEstimate extends SeedValue {
  /** Of `value` over entities, by bootstrap; null where there is none. */
  readonly standardError: number | null;
}

export interface OverSeeds {
  readonly seeds: number;
  readonly mean: number;
  /** Sample deviation of one seed; null with a single one. */
  readonly deviation: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * Mean over seeds, and a t interval whose variance is that over entities plus that of the seeds' mean:
 *
 *     variance = (mean of the seeds' standard errors over entities)² + deviation² / seeds
 *
 * The first term is an upper bound: the seeds are scored on the same entities, and the standard error of a mean is never more than the mean
 * of the standard errors. Degrees of freedom by Welch and Satterthwaite, the first term counting as known. With one seed the interval is
 * over entities alone. Null where a seed has no standard error.
 */
export function overSeeds(estimates: readonly SeedEstimate[], level: number): OverSeeds {
  const seeds = estimates.length;
  const { mean, standardDeviation: deviation } = seedSpread(estimates, level);
  const errors = estimates.flatMap(({ standardError }) => (standardError === null ? [] : [standardError]));
  if (errors.length < seeds) return { seeds, mean, deviation, low: null, high: null };
  const entities = exactMean(errors) ** 2;
  const ofSeeds = deviation === null ? 0 : deviation ** 2 / seeds;
  const variance = entities + ofSeeds;
  // As good as infinite where the seeds do not part.
  const freedom = ofSeeds === 0 ? 1e6 : Math.min(1e6, ((seeds - 1) * variance ** 2) / ofSeeds ** 2);
  const reach = studentQuantile((1 + level) / 2, freedom) * Math.sqrt(variance);
  return { seeds, mean, deviation, low: mean - reach, high: mean + reach };
}
