// What a regression gate of some seeds can see: its limit, its power, and the seeds that would be enough.
import { noncentralUpperTail, studentQuantile } from './uncertainty/student-t.js';

export interface GateSettings {
  /** A fall of the metric that the gate must catch. */
  readonly regression: number;
  /** Chance to catch it that counts as seeing it. */
  readonly power: number;
  /** Falls up to this are let pass, whatever the noise: too small to matter. */
  readonly tolerance: number;
  /** Chance of any false alarm in this many runs of unchanged code with new seeds, over all checks of a run. */
  readonly falseAlarms: { readonly runs: number; readonly chance: number };
  /** Numbers judged in one run (metrics × experiments); the chance of a false alarm is shared among them. */
  readonly checks: number;
}

export const DEFAULT_GATE: GateSettings = {
  regression: 0.005,
  power: 0.9,
  tolerance: 0.001,
  falseAlarms: { runs: 50, chance: 0.01 },
  checks: 1,
};

/** Chance of a false alarm in one check, one-sided. */
export const gateLevel = ({ falseAlarms, checks }: GateSettings): number =>
  falseAlarms.chance / falseAlarms.runs / checks;

/** Standard error of (mean of new seeds − mean of recorded seeds) for a standard deviation of 1. */
const differenceScale = (recorded: number, fresh: number): number => Math.sqrt(1 / recorded + 1 / fresh);

/**
 * Fall of the mean that fails the gate: the one-sided t limit for the mean of `fresh` new seeds given the mean and
 * standard deviation of `recorded` ones, and no less than the tolerance. It rests on the record alone, so that a
 * change which makes training erratic cannot loosen it.
 * @param recorded seeds in the record, at least 2
 */
export function gateLimit(
  standardDeviation: number,
  recorded: number,
  fresh: number,
  settings: GateSettings,
): number {
  const quantile = studentQuantile(1 - gateLevel(settings), recorded - 1);
  return Math.max(settings.tolerance, quantile * standardDeviation * differenceScale(recorded, fresh));
}

/** Chance that the gate fails when the true mean has fallen by `settings.regression`, were the recorded spread the true one. */
export function gatePower(
  standardDeviation: number,
  recorded: number,
  fresh: number,
  settings: GateSettings,
): number {
  const error = standardDeviation * differenceScale(recorded, fresh);
  if (error === 0) return settings.regression > settings.tolerance ? 1 : 0;
  const quantile = studentQuantile(1 - gateLevel(settings), recorded - 1);
  return noncentralUpperTail(quantile, recorded - 1, settings.regression / error, settings.tolerance / error);
}

export interface SeedsNeeded {
  /** New seeds a run that suffice with the record as it is; null when no number does. */
  readonly fresh: number | null;
  /** Seeds that suffice when the record is made again with as many as each run trains; null past `MOST_SEEDS`. */
  readonly both: number | null;
}

const MOST_SEEDS = 200;

/** How many seeds see the regression. */
export function seedsNeeded(
  standardDeviation: number,
  recorded: number,
  settings: GateSettings,
): SeedsNeeded {
  const enough = (record: number, fresh: number): boolean =>
    gatePower(standardDeviation, record, fresh, settings) >= settings.power;
  return {
    fresh: enough(recorded, MOST_SEEDS) ? smallest(1, (fresh) => enough(recorded, fresh)) : null,
    both: enough(MOST_SEEDS, MOST_SEEDS) ? smallest(2, (seeds) => enough(seeds, seeds)) : null,
  };
}

/** Smallest number from `from` to `MOST_SEEDS` that a rising condition holds for. */
function smallest(from: number, holds: (count: number) => boolean): number {
  let low = from;
  let high = MOST_SEEDS;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
