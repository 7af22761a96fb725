// The metrics that there are, in the order in which they are shown: a new one is a file of its own and a line here.
import { aucMetric } from './auc.js';
import { calibrationErrorMetric } from './calibration-error.js';
import { calibrationInterceptMetric, calibrationSlopeMetric } from './calibration-slope.js';
import { groupAucMetric } from './group-auc.js';
import { logLossMetric } from './log-loss.js';
import type { MetricEntry } from './metric.js';
import { normalizedEntropyMetric } from './normalized-entropy.js';
import { prAucMetric } from './pr-auc.js';
import { ndcgMetrics, precisionMetrics, recallMetrics } from './top-lists.js';

export const METRICS: readonly MetricEntry[] = [
  aucMetric,
  prAucMetric,
  groupAucMetric,
  logLossMetric,
  normalizedEntropyMetric,
  calibrationErrorMetric,
  calibrationSlopeMetric,
  calibrationInterceptMetric,
  precisionMetrics,
  recallMetrics,
  ndcgMetrics,
];
