// What an evaluation says: plain data, the same for the table, the JSON and the report. No NaN, ever: null and a reason.
import type { Comparison } from './comparison/compare-models.js';
import type { ScoreCard } from './comparison/score-card.js';
import type { ModelCurves } from './curves.js';
import type { DefinedMetric } from './metrics/metric.js';
import type { SegmentResult } from './segments/segment-results.js';

export interface ModelResult {
  readonly model: string;
  readonly meanScore: number;
  readonly metrics: ScoreCard;
  readonly segments: readonly SegmentResult[];
}

interface BootstrapDescription {
  readonly replicates: number;
  /** What was drawn with replacement, and how many of them. */
  readonly resampled: 'entities' | 'random blocks of entities';
  readonly units: number;
  /** How the AUC was computed in a replicate. */
  readonly auc: 'exact' | 'linear';
  readonly seed: number;
}

export interface EvaluationResult {
  readonly model: string;
  readonly rows: number;
  readonly entities: number;
  readonly positives: number;
  readonly labelRate: number;
  readonly level: number;
  readonly bootstrap: BootstrapDescription;
  /** What was measured, in the order it is shown: what each metric is called, which way is better, its definition. */
  readonly metrics: readonly DefinedMetric[];
  /** The evaluated model first, then the baselines. */
  readonly models: readonly ModelResult[];
  readonly comparisons: readonly Comparison[];
  /** ROC and calibration of each model on all rows. */
  readonly curves: readonly ModelCurves[];
  /** What the intervals hold fixed and what they do not cover; to be shown with them. */
  readonly conditions: readonly string[];
}
