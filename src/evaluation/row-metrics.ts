// Values of metrics of scored rows, without intervals: what training follows on validation rows, what a check holds on test rows.
import { UserError } from '../errors.js';
import type { FollowedMetrics, MetricValues } from '../training/validate.js';
import type { EvaluationConfig } from './config/evaluation-config.js';
import { logLossMetric } from './metrics/log-loss.js';
import { gain, type Metric, type MetricEntry, metricsOf, shownAt } from './metrics/metric.js';
import { entityCounts, metricRows } from './metrics/metric-rows.js';
import { rankRows } from './rows/ranked-rows.js';

export const headlineMetrics = (
  registry: readonly MetricEntry[],
  config: EvaluationConfig,
): readonly Metric[] => shownAt('headline', metricsOf(registry, config));

/**
 * Headline metrics by name; null where one is undefined on these rows. Throws TRAINING_DIVERGED for scores that are no numbers.
 * @param rows label 0 or 1, probability, entity index, each [rows]
 * @param which `test rows`, for the error
 */
export function rowMetrics(
  { label, probability, entity }: { label: Uint8Array; probability: Float64Array; entity: Int32Array },
  which: string,
  registry: readonly MetricEntry[],
  config: EvaluationConfig,
): MetricValues {
  if (probability.some(Number.isNaN)) {
    throw new UserError({
      code: 'TRAINING_DIVERGED',
      where: which,
      what: 'The model scores rows with NaN.',
      next: 'Lower the learning rates (optimizer.learningRate, inner.rate) and train again.',
    });
  }
  const { unit, units } = numbered(entity);
  const ranked = rankRows(label, probability, unit);
  const rows = metricRows(ranked, entityCounts(ranked, units), config);
  return Object.fromEntries(
    headlineMetrics(registry, config).map(({ name, measure }) => [name, measure(rows).value]),
  );
}

/** What a training follows on its validation rows. @param chosen name of the metric that chooses the epoch */
export function followedMetrics(
  registry: readonly MetricEntry[],
  config: EvaluationConfig,
  chosen: string,
): FollowedMetrics {
  const metrics = headlineMetrics(registry, config);
  const choosing = metrics.find(({ name }) => name === chosen)!;
  return {
    titles: Object.fromEntries(metrics.map(({ name, title }) => [name, title])),
    measure: (label, probability, entity) => {
      const values = rowMetrics({ label, probability, entity }, 'validation rows', registry, config);
      const value = values[chosen] ?? null;
      // Where the metric is undefined, one label being missing, the loss still chooses.
      const score = value === null ? gain(logLossMetric, values[logLossMetric.name]!) : gain(choosing, value);
      return { values, score };
    },
  };
}

/** Entities numbered from 0 in the order they first occur. */
function numbered(entity: Int32Array): { readonly unit: Int32Array; readonly units: number } {
  const numbers = new Map<number, number>();
  const unit = entity.map((index) => {
    const known = numbers.get(index) ?? numbers.size;
    numbers.set(index, known);
    return known;
  });
  return { unit, units: numbers.size };
}
