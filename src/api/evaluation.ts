// `import … from 'limaml/evaluation'`: scored rows of any program measured and compared as `limaml eval` does.

export { type EvaluationConfig, evaluationConfig } from '../evaluation/config/evaluation-config.js';
export { type EvaluateRowsOptions, evaluateRows } from '../evaluation/evaluate-rows.js';
export type {
  Comparison,
  EvaluationResult,
  Interval,
  ModelResult,
  Verdict,
} from '../evaluation/evaluation-result.js';
export type { ScoredRows } from '../evaluation/rows/scored-rows.js';
