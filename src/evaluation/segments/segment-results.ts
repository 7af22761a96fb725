// Score cards by segment, each with its rows, entities and label rate; a segment too small says so instead of a number.
import { estimateDelta } from '../comparison/compare-models.js';
import { measureModels, type ResampledModels } from '../comparison/measure-models.js';
import { type ScoreCard, scoreCard } from '../comparison/score-card.js';
import type { EvaluationConfig, SegmentsConfig } from '../config/evaluation-config.js';
import { type Metric, shownAt } from '../metrics/metric.js';
import { rankedPositives } from '../rows/ranked-rows.js';
import { type FullRowSet, type RowSet, splitRowSet } from '../rows/row-set.js';
import type { SegmentKey } from './segment-keys.js';

interface SegmentComparison {
  readonly baseline: string;
  readonly metric: string;
  readonly delta: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly reason?: string;
}

/** One model on the rows of one segment. */
export interface SegmentResult {
  /** `historyLength`, `seen`, `itemEvents`, `sinceLast`, `vectorAge` or the name of a feature. */
  readonly by: string;
  readonly value: string;
  readonly rows: number;
  readonly entities: number;
  readonly positives: number;
  readonly labelRate: number | null;
  /** Empty where the segment is too small. */
  readonly metrics: ScoreCard;
  /** Why there are no metrics here; absent when there are. */
  readonly tooSmall?: string;
  /** Δ to each baseline, for the evaluated model only. Intervals are not corrected for the number of segments. */
  readonly comparisons: readonly SegmentComparison[];
}

/** Results of every model in every segment of one key: [models][segments]. Segments without rows are left out. */
export function segmentResults(
  set: FullRowSet,
  key: SegmentKey,
  metrics: readonly Metric[],
  config: EvaluationConfig,
  seed: number,
): SegmentResult[][] {
  const parts = splitRowSet(set, key.code, key.values.length);
  const bySegment = parts.flatMap((part, index) =>
    part.rows === 0 ? [] : [oneSegment(part, key.by, key.values[index]!, metrics, config, seed)],
  );
  return set.models.map((_, model) => bySegment.map((results) => results[model]!));
}

function oneSegment(
  part: RowSet,
  by: string,
  value: string,
  metrics: readonly Metric[],
  config: EvaluationConfig,
  seed: number,
): SegmentResult[] {
  const positives = rankedPositives(part.models[0]!.ranked);
  const head = {
    by,
    value,
    rows: part.rows,
    entities: part.units,
    positives,
    labelRate: positives / part.rows,
  };
  const tooSmall = tooSmallBecause(part.rows, positives, part.units, config.segments);
  if (tooSmall !== undefined)
    return part.models.map(() => ({ ...head, metrics: {}, tooSmall, comparisons: [] }));
  const resampled = measureModels(part, metrics, config, seed, ['segment', by, value], 'segment');
  return resampled.models.map((model, index) => ({
    ...head,
    metrics: scoreCard(resampled, model, config.level),
    comparisons: index === 0 ? segmentComparisons(resampled, config.level) : [],
  }));
}

/** Names everything that a segment has too little of. */
function tooSmallBecause(
  rows: number,
  positives: number,
  entities: number,
  least: SegmentsConfig,
): string | undefined {
  const short = [
    [rows, least.minRows, 'rows'],
    [positives, least.minPositives, 'rows with label 1'],
    [rows - positives, least.minNegatives, 'rows with label 0'],
    [entities, least.minEntities, 'entities'],
  ] as const;
  const missing = short.filter(([has, needs]) => has < needs);
  if (missing.length === 0) return undefined;
  return `too small: ${missing.map(([has, needs, what]) => `${has} ${what}, ${needs} needed`).join('; ')}`;
}

function segmentComparisons(resampled: ResampledModels, level: number): SegmentComparison[] {
  const [model, ...baselines] = resampled.models;
  return baselines.flatMap((baseline) =>
    shownAt('headline', resampled.metrics).map((metric) => {
      const { delta, interval } = estimateDelta(resampled, model!, baseline, metric, level);
      return {
        baseline: baseline.model,
        metric: metric.name,
        delta,
        low: interval.low,
        high: interval.high,
        ...(interval.reason === undefined ? {} : { reason: interval.reason }),
      };
    }),
  );
}
