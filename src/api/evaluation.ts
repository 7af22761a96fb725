// `import … from 'limaml/evaluation'`: scored rows of any program measured and compared as `limaml eval` does.

export type { Comparison, Verdict } from '../evaluation/comparison/compare-models.js';
export type { Interval, Score, ScoreCard } from '../evaluation/comparison/score-card.js';
export { type EvaluationConfig, evaluationConfig } from '../evaluation/config/evaluation-config.js';
export { type EvaluateRowsOptions, evaluateRows } from '../evaluation/evaluate-rows.js';
export type { EvaluationResult, ModelResult } from '../evaluation/evaluation-result.js';
export type { Metric, MetricEntry } from '../evaluation/metrics/metric.js';
export { METRICS } from '../evaluation/metrics/registry.js';
export type { ScoredRows } from '../evaluation/rows/scored-rows.js';
