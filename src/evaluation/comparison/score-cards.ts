// All models of a row set measured, and resampled together on the same draws of entities.
import { randomStream } from '../../random.js';
import type { EvaluationConfig } from '../config/evaluation-config.js';
import type { Interval, MetricNotes } from '../evaluation-result.js';
import { type ModelMeasures, measureModel, unitCounts } from '../measure-model.js';
import type { MetricName } from '../metrics/metric-catalogue.js';
import type { RowSet } from '../rows/row-set.js';
import { bootstrapInterval, type IntervalKind } from '../uncertainty/bootstrap-interval.js';
import {
  bootstrapReplicates,
  type ResampledBlocks,
  resampledBlocks,
} from '../uncertainty/entity-bootstrap.js';

export interface MeasuredModel extends ModelMeasures {
  /** [replicates] of each metric that has a value. */
  readonly replicates: ReadonlyMap<MetricName, Float64Array>;
}

/** There are many segments: each is resampled in a quarter of the blocks, but never in fewer than this. */
const FEWEST_BLOCKS = 1000;

export interface MeasuredSet {
  readonly blocks: ResampledBlocks;
  readonly models: readonly MeasuredModel[];
}

/**
 * Measures and resamples.
 * @param scope names the row set, so that each has random draws of its own
 */
export function measureSet(
  set: RowSet,
  config: EvaluationConfig,
  seed: number,
  scope: readonly string[],
  parts: 'all' | 'segment',
): MeasuredSet {
  const { maxBlocks, replicates } = config.bootstrap;
  const limit = parts === 'all' ? maxBlocks : Math.max(FEWEST_BLOCKS, Math.ceil(maxBlocks / 4));
  const blocks = resampledBlocks(set.units, limit, randomStream(seed, 'evaluation', 'blocks', ...scope));
  const counts = unitCounts(set, blocks, config);
  const measures = set.models.map((model) => measureModel(set, model, counts, blocks, config, parts));
  const rules = measures.flatMap((of, model) =>
    [...of.metrics].flatMap(([metric, { measured, rule }]) =>
      measured.value === null || rule === undefined ? [] : [{ model, metric, rule }],
    ),
  );
  const results = bootstrapReplicates(
    rules.map(({ rule }) => rule),
    blocks.blocks,
    replicates,
    randomStream(seed, 'evaluation', 'bootstrap', ...scope),
  );
  return {
    blocks,
    models: measures.map((of, model) => ({
      ...of,
      replicates: new Map(
        rules.flatMap((rule, index) => (rule.model === model ? [[rule.metric, results[index]!]] : [])),
      ),
    })),
  };
}

/** Resampling inflates distances, which are never negative; their intervals are taken the other way round. */
export const intervalKind = (metric: string): IntervalKind =>
  metric === 'calibrationError' || metric === 'calibrationSlopeDistance' ? 'basic' : 'percentile';

/** Value of a metric, null where it has none. */
export const metricValue = (model: ModelMeasures, metric: MetricName): number | null =>
  model.metrics.get(metric)?.measured.value ?? null;

/** Intervals of a model's metrics, and the reasons of those without a value. */
export function metricNotes(model: MeasuredModel, blocks: ResampledBlocks, level: number): MetricNotes {
  const intervals: Partial<Record<MetricName, Interval>> = {};
  const undefinedMetrics: Partial<Record<MetricName, string>> = {};
  for (const [metric, { measured }] of model.metrics) {
    if (measured.value === null) {
      undefinedMetrics[metric] = measured.reason;
      continue;
    }
    const replicates = model.replicates.get(metric);
    if (replicates === undefined) continue;
    const kind = intervalKind(metric);
    const { low, high, standardError } = bootstrapInterval(
      measured.value,
      replicates,
      blocks.blocks,
      level,
      kind,
    );
    if (low === null) continue;
    intervals[metric] = { low: kind === 'basic' ? Math.max(0, low) : low, high, standardError };
  }
  return { intervals, undefinedMetrics };
}
