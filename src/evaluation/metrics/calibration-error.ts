// Expected calibration error: how far predicted and observed click rates are apart, bin by bin.

import type { RankedRows } from '../rows/ranked-rows.js';
import type { CalibrationBins } from './calibration-bins.js';
import { type Measured, measured, undefinedBecause } from './value.js';

export interface BinSums {
  /** [bins] rows, summed scores, summed labels, and summed score × (1 − score). */
  readonly rows: Float64Array;
  readonly scores: Float64Array;
  readonly labels: Float64Array;
  readonly variance: Float64Array;
}

/** Sums of ranked rows by bin. */
export function binSums({ scores, member }: RankedRows, { starts }: CalibrationBins): BinSums {
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
export function calibrationError(sums: BinSums): Measured {
  let rows = 0;
  let gap = 0;
  for (let bin = 0; bin < sums.rows.length; bin++) {
    rows += sums.rows[bin]!;
    gap += Math.abs(sums.scores[bin]! - sums.labels[bin]!);
  }
  return rows === 0 ? undefinedBecause('no rows') : measured(gap / rows);
}

/**
 * What the calibration error would be on average, from chance alone, if every score were the true probability
 * of its row and rows were independent: E|gap of a bin| ≈ √(2/π) × its standard deviation. An error near this
 * number is no evidence of miscalibration; the number falls as 1/√rows.
 */
export function calibrationErrorByChance(sums: BinSums): Measured {
  let rows = 0;
  let gap = 0;
  for (let bin = 0; bin < sums.rows.length; bin++) {
    rows += sums.rows[bin]!;
    gap += Math.sqrt((2 / Math.PI) * sums.variance[bin]!);
  }
  return rows === 0 ? undefinedBecause('no rows') : measured(gap / rows);
}
