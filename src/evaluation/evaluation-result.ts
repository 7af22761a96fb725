// What an evaluation says: plain data, the same for the table, the JSON and the report. No NaN, ever: null and a reason.
import type { ModelCurves } from './curves.js';
import type { GroupAucWeights } from './metrics/group-auc.js';
import type { ComparedMetric, MetricName } from './metrics/metric-catalogue.js';

export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly standardError: number;
}

/** Metrics with a value on any rows, or null with the reason in `undefinedMetrics`. */
export interface CoreMetrics {
  readonly auc: number | null;
  readonly groupAuc: number | null;
  readonly logLoss: number | null;
  readonly normalizedEntropy: number | null;
  readonly calibrationError: number | null;
}

export interface MetricNotes {
  /** Bootstrap interval of each metric that has one. */
  readonly intervals: Readonly<Partial<Record<MetricName, Interval>>>;
  /** Why a metric is null, by its name. */
  readonly undefinedMetrics: Readonly<Partial<Record<MetricName, string>>>;
}

export interface GroupAucDetail {
  readonly weights: GroupAucWeights;
  readonly definition: string;
  readonly entities: number;
  readonly excludedEntities: number;
  readonly excludedRows: number;
}

export interface RankingResult {
  readonly k: number;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly ndcg: number | null;
  /** Entities behind nDCG, those of them behind precision and recall, and those whose labels are all equal. */
  readonly entities: number;
  readonly entitiesPastK: number;
  readonly excludedEntities: number;
}

export interface SegmentComparison {
  readonly baseline: string;
  readonly metric: ComparedMetric;
  readonly delta: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly reason?: string;
}

/** One model on the rows of one segment. */
export interface SegmentResult extends CoreMetrics, MetricNotes {
  /** `historyLength`, `seen`, `sinceLast` or the name of a feature. */
  readonly by: string;
  readonly value: string;
  readonly rows: number;
  readonly entities: number;
  readonly positives: number;
  readonly labelRate: number | null;
  /** Why there are no metrics here; absent when there are. */
  readonly tooSmall?: string;
  /** Δ to each baseline, for the evaluated model only. Intervals are not corrected for the number of segments. */
  readonly comparisons: readonly SegmentComparison[];
}

export interface ModelResult extends CoreMetrics, MetricNotes {
  readonly model: string;
  readonly calibrationErrorByChance: number | null;
  readonly calibrationSlope: number | null;
  readonly calibrationIntercept: number | null;
  readonly meanScore: number;
  readonly groupAucDetail: GroupAucDetail;
  readonly ranking: readonly RankingResult[];
  readonly segments: readonly SegmentResult[];
}

export type Verdict = 'better' | 'worse' | 'undecided';

/** An AUC test by formula, shown beside the bootstrap. */
export interface AucTestResult extends Interval {
  readonly pValue: number;
}

export interface Comparison {
  readonly baseline: string;
  readonly metric: ComparedMetric;
  readonly betterWhen: 'higher' | 'lower';
  readonly value: number | null;
  readonly baselineValue: number | null;
  /** value − baselineValue */
  readonly delta: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly standardError: number | null;
  readonly pValue: number | null;
  /** p-value after Holm's correction over the baselines compared on this metric. */
  readonly adjustedPValue: number | null;
  /** `better` or `worse` only when the interval excludes 0 and the adjusted p-value is at most 1 − level. */
  readonly verdict: Verdict;
  readonly method: string;
  /** Why there is no Δ or no interval. */
  readonly reason?: string;
  /** AUC only: DeLong's test, which takes rows for independent, and its form with entities as clusters. */
  readonly delong?: AucTestResult;
  readonly clusteredDelong?: AucTestResult;
}

export interface BootstrapDescription {
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
  /** The evaluated model first, then the baselines. */
  readonly models: readonly ModelResult[];
  readonly comparisons: readonly Comparison[];
  /** ROC and calibration of each model on all rows. */
  readonly curves: readonly ModelCurves[];
  /** Definition of every metric by name. */
  readonly definitions: Readonly<Record<string, string>>;
  /** What the intervals hold fixed and what they do not cover; to be shown with them. */
  readonly conditions: readonly string[];
}
