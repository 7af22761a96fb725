// Expected calibration error: how far predicted and observed click rates are apart, bin by bin.

import { once } from '../rows/once.js';
import type { RankedRows } from '../rows/ranked-rows.js';
import { type ResampledBlocks, sumByBlock } from '../uncertainty/entity-bootstrap.js';
import { type ReplicateRule, sumsRule } from '../uncertainty/replicate-rules.js';
import { type CalibrationBins, calibrationBins } from './calibration-bins.js';
import { AXES, type Metric } from './metric.js';
import type { MetricRows } from './metric-rows.js';
import { undefinedBecause, type Value, valued } from './value.js';

export const calibrationErrorMetric: Metric = {
  name: 'calibrationError',
  title: 'calibration error',
  short: 'calib. error',
  better: 'lower',
  axis: AXES.probability,
  where: 'overview',
  interval: 'basic',
  costly: true, // a column a bin
  definition: ({ calibration: { bins, kind } }) =>
    `Expected calibration error: |mean score - label rate| in ${bins} ${kind} bins of the score, averaged by rows. ` +
    'It is above 0 by chance even for true probabilities: beside it stands by how much, were rows independent.',
  measure: (rows) => {
    const sums = binSums(rows.ranked, once(rows, binsOf));
    const byChance = calibrationErrorByChance(sums).value;
    return {
      ...calibrationError(sums),
      detail: { byChance },
      ...(byChance === null ? {} : { note: `By chance alone: ${byChance.toFixed(4)}.` }),
      rule: (draws) => binsRule(rows, draws),
    };
  },
};

const binsOf = ({ ranked, config: { calibration } }: MetricRows): CalibrationBins =>
  calibrationBins(ranked.scores, calibration.bins, calibration.kind);

/** In a replicate the bins keep the edges of the full sample. */
function binsRule(rows: MetricRows, draws: ResampledBlocks): ReplicateRule {
  const { scores, member } = rows.ranked;
  const { starts } = once(rows, binsOf);
  const gaps = Array.from({ length: starts.length - 1 }, (_, bin) => {
    const gap = new Float64Array(draws.blocks);
    for (let place = starts[bin]!; place < starts[bin + 1]!; place++) {
      const of = member[place]!;
      gap[draws.blockOf[of >> 1]!]! += scores[place]! - (of & 1);
    }
    return gap;
  });
  return sumsRule([sumByBlock(rows.entities.rows, draws), ...gaps], ([count, ...ofBins]) => {
    if (count === 0) return Number.NaN;
    return ofBins.reduce((sum, gap) => sum + Math.abs(gap), 0) / count!;
  });
}

interface BinSums {
  /** [bins] rows, summed scores, summed labels, and summed score × (1 − score). */
  readonly rows: Float64Array;
  readonly scores: Float64Array;
  readonly labels: Float64Array;
  readonly variance: Float64Array;
}

/** Sums of ranked rows by bin. */
function binSums({ scores, member }: RankedRows, { starts }: CalibrationBins): BinSums {
  const bins = starts.length - 1;
  const sums: BinSums = {
    rows: new Float64Array(bins),
    scores: new Float64Array(bins),
    labels: new Float64Array(bins),
    variance: new Float64Array(bins),
  };
  for (let bin = 0; bin < bins; bin++) {
    for (let place = starts[bin]!; place < starts[bin + 1]!; place++) {
      const score = scores[place]!;
      sums.scores[bin]! += score;
      sums.labels[bin]! += member[place]! & 1;
      sums.variance[bin]! += score * (1 - score);
    }
    sums.rows[bin] = starts[bin + 1]! - starts[bin]!;
  }
  return sums;
}

/** Σ over bins of (rows of the bin / rows) × |mean score − label rate| (Naeini et al. 2015). */
function calibrationError(sums: BinSums): Value {
  let rows = 0;
  let gap = 0;
  for (let bin = 0; bin < sums.rows.length; bin++) {
    rows += sums.rows[bin]!;
    gap += Math.abs(sums.scores[bin]! - sums.labels[bin]!);
  }
  return rows === 0 ? undefinedBecause('no rows') : valued(gap / rows);
}

/**
 * What the calibration error would be on average, from chance alone, if every score were the true probability
 * of its row and rows were independent: E|gap of a bin| ≈ √(2/π) × its standard deviation. An error near this
 * number is no evidence of miscalibration; the number falls as 1/√rows.
 */
function calibrationErrorByChance(sums: BinSums): Value {
  let rows = 0;
  let gap = 0;
  for (let bin = 0; bin < sums.rows.length; bin++) {
    rows += sums.rows[bin]!;
    gap += Math.sqrt((2 / Math.PI) * sums.variance[bin]!);
  }
  return rows === 0 ? undefinedBecause('no rows') : valued(gap / rows);
}
