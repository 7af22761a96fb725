// Normalised entropy: log loss relative to always predicting the base rate (He et al. 2014).
import { sumByBlock } from '../uncertainty/entity-bootstrap.js';
import { sumsRule } from '../uncertainty/replicate-rules.js';
import { lossesByBlock, meanLoss } from './log-loss.js';
import { AXES, type Metric } from './metric.js';
import { missingClass, undefinedBecause, valued } from './value.js';

export const normalizedEntropyMetric: Metric = {
  name: 'normalizedEntropy',
  title: 'normalised entropy',
  short: 'norm. entropy',
  better: 'lower',
  axis: AXES.probability,
  where: 'overview',
  definition: () =>
    'Log loss divided by the entropy of the label rate of the same rows: 1 is what always predicting that rate reaches, lower is better.',
  measure: (rows) => {
    const missing = missingClass(rows.rows, rows.positives);
    if (missing !== undefined) return undefinedBecause(missing);
    return {
      ...valued(meanLoss(rows) / labelEntropy(rows.positives / rows.rows)),
      rule: (draws) =>
        sumsRule(
          [
            lossesByBlock(rows, draws),
            sumByBlock(rows.entities.rows, draws),
            sumByBlock(rows.entities.positives, draws),
          ],
          ([loss, all, ones]) => {
            const entropy = labelEntropy(ones! / all!);
            return entropy > 0 ? loss! / all! / entropy : Number.NaN;
          },
        ),
    };
  },
};

/** Entropy in nats of a label that is 1 with this probability. */
export function labelEntropy(rate: number): number {
  return rate <= 0 || rate >= 1 ? 0 : -rate * Math.log(rate) - (1 - rate) * Math.log1p(-rate);
}
