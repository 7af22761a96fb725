// The evaluated model against each baseline: Δ with its interval, p-value, Holm's correction and a verdict in one word.
import { betterWhen, compared, type FormulaTest, type Metric, type PairedRows } from '../metrics/metric.js';
import type { FullRowSet } from '../rows/row-set.js';
import {
  type BootstrapInterval,
  bootstrapInterval,
  type IntervalKind,
} from '../uncertainty/bootstrap-interval.js';
import { holmAdjusted } from '../uncertainty/holm.js';
import type { ResampledModel, ResampledModels } from './measure-models.js';

export type Verdict = 'better' | 'worse' | 'undecided';

export interface Comparison {
  readonly baseline: string;
  readonly metric: string;
  readonly betterWhen: 'higher' | 'lower';
  /** What the models are compared by: the value, or its distance from the best one. */
  readonly value: number | null;
  readonly baselineValue: number | null;
  /** value − baselineValue */
  readonly delta: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly standardError: number | null;
  readonly pValue: number | null;
  /** p-value after Holm's correction over the baselines compared on this metric. */
  readonly adjustedPValue: number | null;
  /** `better` or `worse` only when the interval excludes 0 and the adjusted p-value is at most 1 − level. */
  readonly verdict: Verdict;
  readonly method: string;
  /** Why there is no Δ or no interval. */
  readonly reason?: string;
  /** Tests by formula, for a metric that has them. */
  readonly tests?: Readonly<Record<string, FormulaTest>>;
}

interface DeltaEstimate {
  readonly value: number | null;
  readonly baselineValue: number | null;
  readonly delta: number | null;
  readonly interval: BootstrapInterval;
}

/** Δ = model − baseline of one metric, with its bootstrap interval on shared draws. */
export function estimateDelta(
  { blocks }: Pick<ResampledModels, 'blocks'>,
  model: ResampledModel,
  baseline: ResampledModel,
  metric: Metric,
  level: number,
): DeltaEstimate {
  const [value, baselineValue] = [model, baseline].map(({ measurements }) => {
    const found = measurements.get(metric.name)?.value ?? null;
    return found === null ? null : compared(metric, found);
  }) as [number | null, number | null];
  if (value === null || baselineValue === null) {
    const [missing, reason] = [model, baseline]
      .map((one) => [one.model, one.measurements.get(metric.name)?.reason] as const)
      .find(([, why]) => why !== undefined) ?? ['', 'not measured'];
    return { value, baselineValue, delta: null, interval: noInterval(`${missing}: ${reason}`) };
  }
  const delta = value - baselineValue;
  const a = model.replicates.get(metric.name);
  const b = baseline.replicates.get(metric.name);
  const interval =
    a === undefined || b === undefined
      ? noInterval('not resampled')
      : bootstrapInterval(
          delta,
          a.map((replicate, i) => compared(metric, replicate) - compared(metric, b[i]!)),
          blocks.blocks,
          level,
          deltaKind(metric),
        );
  return { value, baselineValue, delta, interval };
}

/** A distance is never negative, and resampling inflates it: its interval is taken the other way round. */
const deltaKind = ({ better, interval = 'percentile' }: Metric): IntervalKind =>
  typeof better === 'object' ? 'basic' : interval;

const noInterval = (reason: string): BootstrapInterval => ({
  low: null,
  high: null,
  standardError: null,
  pValue: null,
  reason,
});

/** Compares the first model of the set with each of the others on every metric; one Holm family per metric. */
export function compareModels(
  resampled: ResampledModels,
  set: FullRowSet,
  metrics: readonly Metric[],
  level: number,
): Comparison[] {
  const [model, ...baselines] = resampled.models;
  if (model === undefined || baselines.length === 0) return [];
  const paired = set.models.map(({ ranked }): PairedRows => ({ label: set.label, ranked, units: set.units }));
  return metrics.flatMap((metric) => {
    const deltas = baselines.map((baseline) => estimateDelta(resampled, model, baseline, metric, level));
    const adjusted = holmAdjusted(deltas.map(({ interval }) => interval.pValue));
    return baselines.map((baseline, index): Comparison => {
      const { interval, ...values } = deltas[index]!;
      const tests = metric.tests?.(paired[0]!, paired[index + 1]!, level);
      return {
        baseline: baseline.model,
        metric: metric.name,
        betterWhen: betterWhen(metric),
        ...values,
        low: interval.low,
        high: interval.high,
        standardError: interval.standardError,
        pValue: interval.pValue,
        adjustedPValue: adjusted[index]!,
        verdict: verdictOf(betterWhen(metric), interval, adjusted[index]!, level),
        method: `paired bootstrap over ${resampled.blocks.what}, ${deltaKind(metric)} interval`,
        ...(interval.reason === undefined ? {} : { reason: interval.reason }),
        ...(tests === undefined ? {} : { tests }),
      };
    });
  });
}

/** One word from an interval and a corrected p-value; both must agree. */
export function verdictOf(
  better: 'higher' | 'lower',
  interval: BootstrapInterval,
  adjustedPValue: number | null,
  level: number,
): Verdict {
  if (interval.low === null || adjustedPValue === null || adjustedPValue > 1 - level) return 'undecided';
  if (interval.low <= 0 && interval.high >= 0) return 'undecided';
  return interval.low > 0 === (better === 'higher') ? 'better' : 'worse';
}
