// Log loss, and log loss relative to always predicting the base rate (normalised entropy, He et al. 2014).
import { exactSum } from '../rows/exact-sum.js';
import { type Measured, measured, missingClass, undefinedBecause } from './value.js';

/**
 * Probabilities are clipped to [ε, 1 − ε] before the logarithm, with ε = 2⁻⁵² as in scikit-learn:
 * one certain and wrong prediction costs 36.04 nats, not infinity.
 */
export const PROBABILITY_CLIP = 2 ** -52;

export const clipProbability = (score: number): number =>
  score < PROBABILITY_CLIP ? PROBABILITY_CLIP : score > 1 - PROBABILITY_CLIP ? 1 - PROBABILITY_CLIP : score;

/** Log loss of one row in nats. */
export function rowLoss(label: number, score: number): number {
  const clipped = clipProbability(score);
  return label === 1 ? -Math.log(clipped) : -Math.log1p(-clipped);
}

/** Mean log loss in nats, equal to scikit-learn's `log_loss`. @param scores [rows] probabilities */
export function logLoss(label: Uint8Array, scores: Float64Array): Measured {
  if (label.length === 0) return undefinedBecause('no rows');
  return measured(exactSum(label.length, (row) => rowLoss(label[row]!, scores[row]!)) / label.length);
}

/** Entropy in nats of a label that is 1 with this probability. */
export function labelEntropy(rate: number): number {
  return rate <= 0 || rate >= 1 ? 0 : -rate * Math.log(rate) - (1 - rate) * Math.log1p(-rate);
}

/**
 * Log loss divided by the entropy of the label rate of the same rows: 1 is what a constant, perfectly set
 * prediction reaches, below 1 is better. Without a value where a class is missing.
 */
export function normalizedEntropy(loss: number, rows: number, positives: number): Measured {
  const missing = missingClass(rows, positives);
  if (missing !== undefined) return undefinedBecause(missing);
  return measured(loss / labelEntropy(positives / rows));
}
