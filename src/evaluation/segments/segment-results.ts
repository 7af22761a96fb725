// Metrics by segment, each with its rows, entities and label rate; a segment too small says so instead of a number.
import { estimateDelta } from '../comparison/compare-models.js';
import { type MeasuredSet, measureSet, metricNotes, metricValue } from '../comparison/score-cards.js';
import type { EvaluationConfig, SegmentsConfig } from '../config/evaluation-config.js';
import type { CoreMetrics, SegmentComparison, SegmentResult } from '../evaluation-result.js';
import { SEGMENT_COMPARED } from '../metrics/metric-catalogue.js';
import { rankedPositives } from '../rows/ranked-rows.js';
import { type FullRowSet, type RowSet, splitRowSet } from '../rows/row-set.js';
import type { SegmentKey } from './segment-keys.js';

/** Results of every model in every segment of one slicing: [models][segments]. Segments without rows are left out. */
export function segmentResults(
  set: FullRowSet,
  key: SegmentKey,
  config: EvaluationConfig,
  seed: number,
): SegmentResult[][] {
  const parts = splitRowSet(set, key.code, key.values.length);
  const bySegment = parts.flatMap((part, index) =>
    part.rows === 0 ? [] : [oneSegment(part, key.by, key.values[index]!, config, seed)],
  );
  return set.models.map((_, model) => bySegment.map((results) => results[model]!));
}

const NO_METRICS: CoreMetrics = {
  auc: null,
  groupAuc: null,
  logLoss: null,
  normalizedEntropy: null,
  calibrationError: null,
};

function oneSegment(
  part: RowSet,
  by: string,
  value: string,
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
    return part.models.map(() => ({
      ...head,
      ...NO_METRICS,
      intervals: {},
      undefinedMetrics: {},
      tooSmall,
      comparisons: [],
    }));
  const measured = measureSet(part, config, seed, ['segment', by, value], 'segment');
  return measured.models.map((model, index) => ({
    ...head,
    auc: metricValue(model, 'auc'),
    groupAuc: metricValue(model, 'groupAuc'),
    logLoss: metricValue(model, 'logLoss'),
    normalizedEntropy: metricValue(model, 'normalizedEntropy'),
    calibrationError: metricValue(model, 'calibrationError'),
    ...metricNotes(model, measured.blocks, config.level),
    comparisons: index === 0 ? segmentComparisons(measured, config.level) : [],
  }));
}

/** Names everything that a segment has too little of. */
export function tooSmallBecause(
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

function segmentComparisons(measured: MeasuredSet, level: number): SegmentComparison[] {
  const [model, ...baselines] = measured.models;
  return baselines.flatMap((baseline) =>
    SEGMENT_COMPARED.map((metric) => {
      const { delta, interval } = estimateDelta(measured, model!, baseline, metric, level);
      return {
        baseline: baseline.model,
        metric,
        delta,
        low: interval.low,
        high: interval.high,
        ...(interval.reason === undefined ? {} : { reason: interval.reason }),
      };
    }),
  );
}
