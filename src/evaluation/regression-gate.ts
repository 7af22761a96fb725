// The regression gate: has a metric fallen further than seeds alone explain? Sized so that it neither cries wolf nor sleeps.
import { UserError } from '../errors.js';
import {
  DEFAULT_GATE,
  type GateSettings,
  gateLimit,
  gatePower,
  type SeedsNeeded,
  seedsNeeded,
} from './gate-power.js';
import { type SeedValue, seedSpread } from './seed-spread.js';

/** What `expected.json` keeps of one metric. */
interface ExpectedMetric {
  readonly metric: string;
  readonly betterWhen: 'higher' | 'lower';
  readonly mean: number;
  /** Sample standard deviation over the recorded seeds. */
  readonly standardDeviation: number;
  readonly values: readonly SeedValue[];
}

interface GateResult {
  readonly metric: string;
  readonly expectedMean: number;
  readonly standardDeviation: number;
  readonly recordedSeeds: number;
  readonly measuredMean: number;
  readonly measuredSeeds: readonly SeedValue[];
  /** measuredMean − expectedMean */
  readonly delta: number;
  /** The same, positive when better. */
  readonly gain: number;
  /** A gain below −limit fails. */
  readonly limit: number;
  /** `improved`: as far above as a failure is below; time to record anew. */
  readonly status: 'pass' | 'fail' | 'improved';
  /** Chance to catch a fall of `settings.regression`. */
  readonly power: number;
  /** Whether that chance is enough; when not, `needed` says how many seeds would be. */
  readonly seesRegression: boolean;
  readonly needed: SeedsNeeded;
  /** The result in one sentence. */
  readonly text: string;
}

/** Record of a metric from the runs of several seeds. Throws `UserError` with fewer than two. */
export function expectMetric(
  metric: string,
  betterWhen: 'higher' | 'lower',
  values: readonly SeedValue[],
): ExpectedMetric {
  const { mean, standardDeviation } = seedSpread(values, 0.95);
  if (standardDeviation === null)
    throw new UserError({
      code: 'CHECK_ONE_SEED',
      where: metric,
      what: 'The spread over seeds cannot be measured with one seed.',
      next: 'Record at least two; ten make a gate that sees small regressions.',
    });
  return { metric, betterWhen, mean, standardDeviation, values };
}

/** Judges new seeds against the record. */
export function judgeMetric(
  expected: ExpectedMetric,
  measured: readonly SeedValue[],
  settings: GateSettings = DEFAULT_GATE,
): GateResult {
  const recorded = expected.values.length;
  const measuredMean = seedSpread(measured, 0.95).mean;
  const delta = measuredMean - expected.mean;
  const gain = expected.betterWhen === 'higher' ? delta : -delta;
  const limit = gateLimit(expected.standardDeviation, recorded, measured.length, settings);
  const power = gatePower(expected.standardDeviation, recorded, measured.length, settings);
  const status = gain < -limit ? 'fail' : gain > limit ? 'improved' : 'pass';
  const seesRegression = power >= settings.power;
  const needed = seedsNeeded(expected.standardDeviation, recorded, settings);
  const result = {
    metric: expected.metric,
    expectedMean: expected.mean,
    standardDeviation: expected.standardDeviation,
    recordedSeeds: recorded,
    measuredMean,
    measuredSeeds: measured,
    delta,
    gain,
    limit,
    status,
    power,
    seesRegression,
    needed,
  } as const;
  return { ...result, text: gateText(result, settings) };
}

function gateText(result: Omit<GateResult, 'text'>, settings: GateSettings): string {
  const moved = `${result.gain < 0 ? 'worse' : 'better'} by ${Math.abs(result.gain).toFixed(5)}`;
  const outcome = {
    fail: `${moved}, beyond the ${result.limit.toFixed(5)} that seeds explain.`,
    improved: `${moved}, beyond the ${result.limit.toFixed(5)} that seeds explain: record it with --update.`,
    pass: `${moved}, within the ${result.limit.toFixed(5)} that seeds explain.`,
  }[result.status];
  if (result.seesRegression) return outcome;
  const { fresh, both } = result.needed;
  const remedies = [
    fresh === null ? [] : [`train ${fresh} seeds a run`],
    both === null ? [] : [`record and train ${both} seeds each`],
  ].flat();
  return (
    `${outcome} The gate would catch a fall of ${settings.regression} in only ${Math.round(100 * result.power)} % of runs: ` +
    (remedies.length > 0
      ? `${remedies.join(', or ')}.`
      : 'no number of seeds up to 200 is enough for this recipe.')
  );
}
