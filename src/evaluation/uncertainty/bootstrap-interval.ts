// From bootstrap replicates to an interval, a standard error and a p-value.
import { normalCdf } from './normal.js';
import { studentQuantile } from './student-t.js';

/**
 * `percentile`: quantiles of the replicates. `basic`: quantiles of 2 × estimate − replicate, for metrics such as the
 * calibration error that resampling inflates (noise in a bin always adds to it), so that the bias is taken out, not doubled.
 */
export type IntervalKind = 'percentile' | 'basic';

export type BootstrapInterval =
  | {
      readonly low: number;
      readonly high: number;
      /** Standard deviation of the replicates. */
      readonly standardError: number;
      /** Two-sided p-value of "the true value is 0", from the same replicates. */
      readonly pValue: number;
      readonly reason?: never;
    }
  | {
      readonly low: null;
      readonly high: null;
      readonly standardError: null;
      readonly pValue: null;
      readonly reason: string;
    };

/** Fewer resampled entities than this say too little about how entities differ. */
const FEWEST_ENTITIES = 10;
/** More replicates without a value than this, and those with one no longer stand for all. */
const MOST_UNDEFINED = 0.05;

/**
 * Interval of an estimate from its replicates. Quantile levels are moved outwards as in Hesterberg (2015, "expanded
 * percentile"): plain percentile intervals are too narrow by the factor √((n − 1)/n) and lack the t distribution's
 * tails, which matters below some hundred entities.
 * @param units resampled entities (or blocks of entities)
 * @param level confidence level, e.g. 0.95
 */
export function bootstrapInterval(
  estimate: number,
  replicates: Float64Array,
  units: number,
  level: number,
  kind: IntervalKind,
): BootstrapInterval {
  const none = (reason: string): BootstrapInterval => ({
    low: null,
    high: null,
    standardError: null,
    pValue: null,
    reason,
  });
  if (units < FEWEST_ENTITIES) return none(`only ${units} entities: no interval below ${FEWEST_ENTITIES}`);
  const defined = replicates.filter((value) => !Number.isNaN(value));
  const missing = replicates.length - defined.length;
  if (missing > MOST_UNDEFINED * replicates.length)
    return none(`undefined in ${missing} of ${replicates.length} bootstrap replicates`);
  const values = kind === 'basic' ? defined.map((value) => 2 * estimate - value) : defined;
  values.sort();
  const tail = expandedTail((1 - level) / 2, units);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    low: quantileOfSorted(values, tail),
    high: quantileOfSorted(values, 1 - tail),
    standardError: Math.sqrt(squares / (values.length - 1)),
    pValue: twoSidedPValue(values),
  };
}

/** Tail probability whose normal quantile is √(n / (n − 1)) times the t quantile of `tail`. */
function expandedTail(tail: number, units: number): number {
  return normalCdf(Math.sqrt(units / (units - 1)) * studentQuantile(tail, units - 1));
}

/** Twice the smaller share of values on one side of 0, counting one more on each side so that it is never 0. */
function twoSidedPValue(sorted: Float64Array): number {
  let atMost = 0;
  let atLeast = 0;
  for (const value of sorted) {
    if (value <= 0) atMost++;
    if (value >= 0) atLeast++;
  }
  return Math.min(1, (2 * (Math.min(atMost, atLeast) + 1)) / (sorted.length + 1));
}

/**
 * Quantile of ascending values by linear interpolation at place (n + 1) × share, so that the tail beyond it holds just
 * that share of future replicates (type 6 of Hyndman & Fan; the usual type 7 makes intervals a little too narrow).
 */
export function quantileOfSorted(sorted: Float64Array, share: number): number {
  const last = sorted.length - 1;
  const position = Math.min(last, Math.max(0, share * (sorted.length + 1) - 1));
  const below = Math.floor(position);
  const low = sorted[below]!;
  return low + (sorted[Math.min(below + 1, last)]! - low) * (position - below);
}
