// The evaluated model against each baseline: Δ with its interval, p-value, Holm's correction and a verdict in one word.
import type { AucTestResult, Comparison, Verdict } from '../evaluation-result.js';
import { type ComparedMetric, higherIsBetter, type MetricName } from '../metrics/metric-catalogue.js';
import type { FullRowSet } from '../rows/row-set.js';
import { type BootstrapInterval, bootstrapInterval } from '../uncertainty/bootstrap-interval.js';
import { type AucTest, clusteredDelongTest, delongTest } from '../uncertainty/delong.js';
import { holmAdjusted } from '../uncertainty/holm.js';
import { type Placements, placements } from '../uncertainty/placements.js';
import { intervalKind, type MeasuredModel, type MeasuredSet, metricValue } from './score-cards.js';

export interface DeltaEstimate {
  readonly value: number | null;
  readonly baselineValue: number | null;
  readonly delta: number | null;
  readonly interval: BootstrapInterval;
}

/** Δ = model − baseline of one metric, with its bootstrap interval on shared draws. */
export function estimateDelta(
  measured: MeasuredSet,
  model: MeasuredModel,
  baseline: MeasuredModel,
  metric: ComparedMetric,
  level: number,
): DeltaEstimate {
  const source: MetricName = metric === 'calibrationSlopeDistance' ? 'calibrationSlope' : metric;
  const shown = (value: number): number => (source === metric ? value : Math.abs(value - 1));
  const ofModel = metricValue(model, source);
  const ofBaseline = metricValue(baseline, source);
  const value = ofModel === null ? null : shown(ofModel);
  const baselineValue = ofBaseline === null ? null : shown(ofBaseline);
  if (value === null || baselineValue === null) {
    const [missing, reason] = [model, baseline]
      .map((one) => [one.model, one.metrics.get(source)?.measured.reason] as const)
      .find(([, why]) => why !== undefined) ?? ['', 'not measured'];
    return { value, baselineValue, delta: null, interval: noInterval(`${missing}: ${reason}`) };
  }
  const delta = value - baselineValue;
  const a = model.replicates.get(source);
  const b = baseline.replicates.get(source);
  const interval =
    a === undefined || b === undefined
      ? noInterval('not resampled')
      : bootstrapInterval(
          delta,
          a.map((replicate, i) => shown(replicate) - shown(b[i]!)),
          measured.blocks.blocks,
          level,
          intervalKind(metric),
        );
  return { value, baselineValue, delta, interval };
}

const noInterval = (reason: string): BootstrapInterval => ({
  low: null,
  high: null,
  standardError: null,
  pValue: null,
  reason,
});

/** Compares the first model of the set with each of the others on every metric; one Holm family per metric. */
export function compareModels(
  measured: MeasuredSet,
  set: FullRowSet,
  metrics: readonly ComparedMetric[],
  level: number,
): Comparison[] {
  const [model, ...baselines] = measured.models;
  if (model === undefined || baselines.length === 0) return [];
  const placed = set.models.map(({ ranked }) => placements(ranked));
  return metrics.flatMap((metric) => {
    const deltas = baselines.map((baseline) => estimateDelta(measured, model, baseline, metric, level));
    const adjusted = holmAdjusted(deltas.map(({ interval }) => interval.pValue));
    return baselines.map((baseline, index): Comparison => {
      const { interval, ...values } = deltas[index]!;
      return {
        baseline: baseline.model,
        metric,
        betterWhen: higherIsBetter(metric) ? 'higher' : 'lower',
        ...values,
        low: interval.low,
        high: interval.high,
        standardError: interval.standardError,
        pValue: interval.pValue,
        adjustedPValue: adjusted[index]!,
        verdict: verdictOf(metric, interval, adjusted[index]!, level),
        method: `paired bootstrap over ${measured.blocks.what}, ${intervalKind(metric)} interval`,
        ...(interval.reason === undefined ? {} : { reason: interval.reason }),
        ...(metric === 'auc'
          ? formulaTests(set.label, model, baseline, [placed[0], placed[index + 1]], level)
          : {}),
      };
    });
  });
}

/** One word from an interval and a corrected p-value; both must agree. */
export function verdictOf(
  metric: ComparedMetric,
  interval: BootstrapInterval,
  adjustedPValue: number | null,
  level: number,
): Verdict {
  if (interval.low === null || adjustedPValue === null || adjustedPValue > 1 - level) return 'undecided';
  if (interval.low <= 0 && interval.high >= 0) return 'undecided';
  return interval.low > 0 === higherIsBetter(metric) ? 'better' : 'worse';
}

/** DeLong's tests of two models; `placed` is undefined where an AUC is. */
function formulaTests(
  label: Uint8Array,
  model: MeasuredModel,
  baseline: MeasuredModel,
  placed: readonly (Placements | undefined)[],
  level: number,
): { delong?: AucTestResult; clusteredDelong?: AucTestResult } {
  const [a, b] = placed;
  if (a === undefined || b === undefined) return {};
  const delong = delongTest(label, a, b, level);
  const clustered = clusteredDelongTest(a.auc, b.auc, model.aucInfluence!, baseline.aucInfluence!, level);
  return {
    ...(delong === undefined ? {} : { delong: shownTest(delong) }),
    ...(clustered === undefined ? {} : { clusteredDelong: shownTest(clustered) }),
  };
}

const shownTest = ({ low, high, standardError, pValue }: AucTest): AucTestResult => ({
  low,
  high,
  standardError,
  pValue,
});
