// All models of a row set measured by every metric, and resampled together on the same draws of entities.
import { randomStream } from '../../random.js';
import type { EvaluationConfig } from '../config/evaluation-config.js';
import { type Measurement, type Metric, shownAt } from '../metrics/metric.js';
import { entityCounts, metricRows } from '../metrics/metric-rows.js';
import { exactMean } from '../rows/exact-sum.js';
import type { RowSet } from '../rows/row-set.js';
import {
  bootstrapReplicates,
  type ResampledBlocks,
  resampledBlocks,
} from '../uncertainty/entity-bootstrap.js';

/** One model: what every metric found, and found again in every replicate. */
export interface ResampledModel {
  readonly model: string;
  readonly meanScore: number;
  readonly measurements: ReadonlyMap<string, Measurement>;
  /** [replicates] of each metric that was resampled. */
  readonly replicates: ReadonlyMap<string, Float64Array>;
}

export interface ResampledModels {
  /** Those that were measured here. */
  readonly metrics: readonly Metric[];
  readonly blocks: ResampledBlocks;
  readonly models: readonly ResampledModel[];
}

/** There are many segments: each is resampled in a quarter of the blocks, but never in fewer than this. */
const FEWEST_BLOCKS = 1000;

/**
 * Measures and resamples; in a segment only what is shown of segments.
 * @param scope names the row set, so that each has random draws of its own
 */
export function measureModels(
  set: RowSet,
  registered: readonly Metric[],
  config: EvaluationConfig,
  seed: number,
  scope: readonly string[],
  part: 'all' | 'segment',
): ResampledModels {
  const { maxBlocks, replicates } = config.bootstrap;
  const limit = part === 'all' ? maxBlocks : Math.max(FEWEST_BLOCKS, Math.ceil(maxBlocks / 4));
  const blocks = resampledBlocks(set.units, limit, randomStream(seed, 'evaluation', 'blocks', ...scope));
  const metrics = part === 'all' ? registered : shownAt('overview', registered);
  const entities = entityCounts(set.models[0]!.ranked, set.units);
  const measured = set.models.map(({ ranked, moving }) => {
    const rows = metricRows(ranked, entities, config, moving);
    return metrics.map((metric) => {
      const { rule, ...found } = metric.measure(rows);
      const resampled = found.value !== null && rule !== undefined && !(part === 'segment' && metric.costly);
      return { name: metric.name, found: found as Measurement, rule: resampled ? rule(blocks) : undefined };
    });
  });
  const rules = measured.flatMap((of, model) =>
    of.flatMap(({ name, rule }) => (rule === undefined ? [] : [{ model, name, rule }])),
  );
  const results = bootstrapReplicates(
    rules.map(({ rule }) => rule),
    blocks.blocks,
    replicates,
    randomStream(seed, 'evaluation', 'bootstrap', ...scope),
  );
  return {
    metrics,
    blocks,
    models: set.models.map(({ name, ranked }, model) => ({
      model: name,
      meanScore: exactMean(ranked.scores),
      measurements: new Map(measured[model]!.map(({ name: metric, found }) => [metric, found])),
      replicates: new Map(
        rules.flatMap((rule, index) => (rule.model === model ? [[rule.name, results[index]!]] : [])),
      ),
    })),
  };
}
