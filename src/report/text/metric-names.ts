// What metrics and ways of slicing are called in text.
import { type ComparedMetric, higherIsBetter } from '../../evaluation/metrics/metric-catalogue.js';

const NAMES: Readonly<Record<string, string>> = {
  auc: 'AUC',
  groupAuc: 'group AUC',
  logLoss: 'log loss',
  normalizedEntropy: 'normalised entropy',
  calibrationError: 'calibration error',
  calibrationErrorByChance: 'calibration error by chance',
  calibrationSlope: 'calibration slope',
  calibrationIntercept: 'calibration intercept',
  calibrationSlopeDistance: '|calibration slope − 1|',
};

/** `AUC`, `nDCG@5`. */
export function metricName(metric: string): string {
  return NAMES[metric] ?? metric.replace(/^ndcg@/, 'nDCG@');
}

/** Metrics that share a unit, so that they can share an axis. */
export type MetricFamily = 'ranking' | 'loss' | 'slope';

export function metricFamily(metric: ComparedMetric): MetricFamily {
  if (metric === 'calibrationSlopeDistance') return 'slope';
  return higherIsBetter(metric) ? 'ranking' : 'loss';
}

const SLICES: Readonly<Record<string, string>> = {
  historyLength: 'History length (known events)',
  seen: 'Known before the test rows',
  sinceLast: 'Time since the last known event',
};

/** Heading of a way of slicing: ours by name, else the feature's. */
export function sliceName(by: string): string {
  return SLICES[by] ?? by;
}

/** A segment's name as it is shown: ours in print, a feature's as it is. */
export function segmentLabel(by: string, value: string): string {
  if (SLICES[by] === undefined) return value;
  return value
    .replace(/^<=/, '≤ ')
    .replace(/^>/, '> ')
    .replace(/^(\w+)-(\w+)$/, '$1–$2');
}

/** `history length 1–5`, for use in a sentence. */
export function segmentName(by: string, value: string): string {
  const label = segmentLabel(by, value);
  if (by === 'seen') return value === 'new' ? 'new entities' : 'seen entities';
  if (by === 'historyLength') return `history length ${label}`;
  if (by === 'sinceLast') return value === 'never' ? 'no known event' : `last known event ${label} ago`;
  return `${by} ${value}`;
}
