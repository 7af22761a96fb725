// The evaluation of scored rows: one model, any number of baselines, the same rows and the same draws for all.
import { InternalError } from '../errors.js';
import type { Progress } from '../progress.js';
import { compareModels } from './comparison/compare-models.js';
import { measureModels } from './comparison/measure-models.js';
import { scoreCard } from './comparison/score-card.js';
import { type EvaluationConfig, exactAuc } from './config/evaluation-config.js';
import { calibrationCurve, type ModelCurves, rocCurve } from './curves.js';
import type { EvaluationResult } from './evaluation-result.js';
import { defined, type MetricEntry, metricsOf, shownAt } from './metrics/metric.js';
import { METRICS } from './metrics/registry.js';
import { countPositives } from './metrics/value.js';
import { buildRowSet, type FullRowSet } from './rows/row-set.js';
import type { ScoredRows } from './rows/scored-rows.js';
import { segmentKeys } from './segments/segment-keys.js';
import { type SegmentResult, segmentResults } from './segments/segment-results.js';

export interface EvaluateRowsOptions {
  /** Name of the evaluated model in `scored.scores`. */
  readonly model: string;
  /** Names of the models it is compared with, in the order they are shown. */
  readonly baselines: readonly string[];
  readonly config: EvaluationConfig;
  /** The registry's unless it is given. */
  readonly metrics?: readonly MetricEntry[];
  /** Seed of the resampling. */
  readonly seed: number;
  readonly progress: Progress;
}

/**
 * Measures every model overall and by segment, and compares the first with each baseline.
 * Throws `UserError` for empty rows, scores that are no probabilities, and unknown segment features.
 */
export function evaluateRows(scored: ScoredRows, options: EvaluateRowsOptions): EvaluationResult {
  const { model, baselines, config, seed, progress } = options;
  const names = [model, ...baselines];
  if (new Set(names).size !== names.length)
    throw new InternalError(`A model is compared with itself: ${names.join(', ')}.`);
  const keys = segmentKeys(scored, config.segments);
  const steps = keys.length + 2;
  const step = (done: number, what: string): void =>
    progress({ kind: 'step', done, total: steps, unit: 'parts', figures: { now: what } });
  progress({ kind: 'stage', name: 'evaluate', detail: `${names.join(', ')} on ${scored.rows} rows` });
  step(0, 'ranking');
  const set = buildRowSet(scored, names);
  step(1, 'all rows');
  const metrics = metricsOf(options.metrics ?? METRICS, config);
  const resampled = measureModels(set, metrics, config, seed, ['all'], 'all');
  const comparisons = compareModels(resampled, set, shownAt('report', metrics), config.level);
  const segments: SegmentResult[][] = names.map(() => []);
  keys.forEach((key, index) => {
    step(index + 2, `by ${key.by}`);
    segmentResults(set, key, metrics, config, seed).forEach((of, m) => {
      segments[m]!.push(...of);
    });
  });
  step(steps, 'done');
  const positives = countPositives(set.label);
  return {
    model,
    rows: set.rows,
    entities: set.units,
    positives,
    labelRate: positives / set.rows,
    level: config.level,
    bootstrap: {
      replicates: config.bootstrap.replicates,
      resampled: resampled.blocks.what,
      units: resampled.blocks.blocks,
      auc: exactAuc(config, set.rows) ? 'exact' : 'linear',
      seed,
    },
    metrics: metrics.map((metric) => defined(metric, config)),
    models: resampled.models.map((of, index) => ({
      model: of.model,
      meanScore: of.meanScore,
      metrics: scoreCard(resampled, of, config.level),
      segments: segments[index]!,
    })),
    comparisons,
    curves: modelCurves(set, config),
    conditions: conditions(set.units, config.level, baselines.length),
  };
}

function modelCurves({ models, units }: FullRowSet, config: EvaluationConfig): ModelCurves[] {
  const { bins, kind } = config.calibration;
  return models.map(({ name, ranked }) => ({
    model: name,
    roc: rocCurve(ranked),
    calibration: calibrationCurve(ranked, units, bins, kind, config.level),
  }));
}

/** What the reader must know to read the intervals rightly. */
function conditions(entities: number, level: number, baselines: number): string[] {
  const percent = `${Math.round(level * 1000) / 10} %`;
  return [
    `Intervals (${percent}) say how far a number would move if other entities like these ${entities.toLocaleString('en-US')} had been evaluated: whole entities are resampled, because rows of one entity are not independent.`,
    'They hold fixed the trained models, the items on offer and the period of the evaluated rows. They do not cover training again with another seed (see the spread over seeds), another period or another catalogue.',
    ...(baselines > 1
      ? [
          `Verdicts are corrected for the ${baselines} baselines compared on each metric (Holm); intervals are not.`,
        ]
      : []),
    'Segments are for exploring: their intervals are not corrected for the number of segments, so about ' +
      `${Math.round((1 - level) * 100)} in 100 exclude 0 by chance alone.`,
  ];
}
