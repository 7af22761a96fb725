// The metrics by name: which way is better, and the sentence that defines each.
import type { EvaluationConfig } from '../config/evaluation-config.js';
import { groupAucDefinition } from './group-auc.js';

export type RankingMetric = `${'precision' | 'recall' | 'ndcg'}@${number}`;
export type MetricName =
  | 'auc'
  | 'groupAuc'
  | 'logLoss'
  | 'normalizedEntropy'
  | 'calibrationError'
  | 'calibrationSlope'
  | 'calibrationIntercept'
  | RankingMetric;

/** What two models are compared by: every metric, the slope by its distance from 1, the intercept not at all. */
export type ComparedMetric =
  | Exclude<MetricName, 'calibrationSlope' | 'calibrationIntercept'>
  | 'calibrationSlopeDistance';

const LOWER_IS_BETTER: ReadonlySet<string> = new Set([
  'logLoss',
  'normalizedEntropy',
  'calibrationError',
  'calibrationSlopeDistance',
]);

/** Whether a rise of the metric is a gain. */
export const higherIsBetter = (metric: ComparedMetric): boolean => !LOWER_IS_BETTER.has(metric);

/** Metrics whose difference to the baselines is shown in each segment. */
export const SEGMENT_COMPARED = ['auc', 'groupAuc', 'logLoss'] as const;

/** One sentence or two for every name that occurs in a result. */
export function metricDefinitions(config: EvaluationConfig): Record<string, string> {
  const { bins, kind } = config.calibration;
  const ranked =
    "the entity's own evaluated rows are ranked by score (not the whole catalogue); tied scores count as the mean over " +
    'all their orders; mean over entities, each counting the same';
  const definitions: Record<string, string> = {
    auc: 'Probability that a row with label 1 scores above a row with label 0, over all such pairs of rows; a tie counts half.',
    groupAuc: groupAucDefinition(config.groupAuc),
    logLoss: 'Mean negative log likelihood of the labels in nats; scores are clipped to [2^-52, 1 - 2^-52].',
    normalizedEntropy:
      'Log loss divided by the entropy of the label rate of the same rows: 1 is what always predicting that rate reaches, lower is better.',
    calibrationError:
      `Expected calibration error: |mean score - label rate| in ${bins} ${kind} bins of the score, averaged by rows. ` +
      'It is above 0 by chance even for true probabilities: calibrationErrorByChance says by how much, were rows independent.',
    calibrationSlope:
      'Slope b of the logistic fit label ~ sigmoid(a + b logit(score)): 1 is calibrated, below 1 too extreme, above 1 too timid.',
    calibrationIntercept: 'Intercept a of the same fit: 0 is calibrated.',
    calibrationSlopeDistance:
      '|calibration slope - 1|, by which calibration slopes are compared; lower is better.',
  };
  for (const k of config.k) {
    definitions[`precision@${k}`] =
      `Share of label 1 among the ${k} highest scores of an entity; ${ranked}. Only entities with more than ${k} rows and both labels.`;
    definitions[`recall@${k}`] =
      `Share of an entity's rows with label 1 that are among its ${k} highest scores; ${ranked}. Only entities with more than ${k} rows and both labels.`;
    definitions[`ndcg@${k}`] =
      `Discounted gain (1 / log2(1 + rank)) of the ${k} highest scores of an entity relative to the best order; ${ranked}. Only entities with both labels.`;
  }
  return definitions;
}
