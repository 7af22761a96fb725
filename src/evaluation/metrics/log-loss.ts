// Log loss: what the labels cost at the probabilities that were given.
import { exactSum } from '../rows/exact-sum.js';
import { once, onceFor } from '../rows/once.js';
import { type ResampledBlocks, sumByBlock } from '../uncertainty/entity-bootstrap.js';
import { ratioRule } from '../uncertainty/replicate-rules.js';
import { AXES, type Metric } from './metric.js';
import type { MetricRows } from './metric-rows.js';
import { undefinedBecause, type Value, valued } from './value.js';

export const logLossMetric: Metric = {
  name: 'logLoss',
  title: 'log loss',
  better: 'lower',
  axis: AXES.probability,
  where: 'headline',
  definition: () =>
    'Mean negative log likelihood of the labels in nats; scores are clipped to [2^-52, 1 - 2^-52].',
  measure: (rows) => {
    if (rows.rows === 0) return undefinedBecause('no rows');
    return {
      ...valued(meanLoss(rows)),
      rule: (draws) => ratioRule(lossesByBlock(rows, draws), sumByBlock(rows.entities.rows, draws)),
    };
  },
};

export const meanLoss = (rows: MetricRows): number => once(rows, mean);

const mean = ({ ranked: { scores, member } }: MetricRows): number =>
  exactSum(member.length, (place) => rowLoss(member[place]! & 1, scores[place]!)) / member.length;

/** Summed loss of each resampled block. [blocks] */
export const lossesByBlock = (rows: MetricRows, draws: ResampledBlocks): Float64Array =>
  onceFor(rows, draws, blockLosses);

function blockLosses(
  { ranked: { scores, member } }: MetricRows,
  { blocks, blockOf }: ResampledBlocks,
): Float64Array {
  const losses = new Float64Array(blocks);
  for (let place = 0; place < member.length; place++) {
    const of = member[place]!;
    losses[blockOf[of >> 1]!]! += rowLoss(of & 1, scores[place]!);
  }
  return losses;
}

/**
 * Probabilities are clipped to [ε, 1 − ε] before the logarithm, with ε = 2⁻⁵² as in scikit-learn:
 * one certain and wrong prediction costs 36.04 nats, not infinity.
 */
const PROBABILITY_CLIP = 2 ** -52;

export const clipProbability = (score: number): number =>
  score < PROBABILITY_CLIP ? PROBABILITY_CLIP : score > 1 - PROBABILITY_CLIP ? 1 - PROBABILITY_CLIP : score;

/** Log loss of one row in nats. */
function rowLoss(label: number, score: number): number {
  const clipped = clipProbability(score);
  return label === 1 ? -Math.log(clipped) : -Math.log1p(-clipped);
}

/** Mean log loss in nats, equal to scikit-learn's `log_loss`. @param scores [rows] probabilities */
export function logLoss(label: Uint8Array, scores: Float64Array): Value {
  if (label.length === 0) return undefinedBecause('no rows');
  return valued(exactSum(label.length, (row) => rowLoss(label[row]!, scores[row]!)) / label.length);
}
