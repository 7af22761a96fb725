// Area under the ROC curve, exact, a tie counting half: the Mann–Whitney probability that a positive outranks a negative.

import { type GroupedRanking, type RankedRows, rankedPositives, rankRows } from '../rows/ranked-rows.js';
import { type Measured, measured, missingClass, undefinedBecause } from './value.js';

/**
 * AUC of scores, equal to scikit-learn's `roc_auc_score`; without a value where a class is missing.
 * @param label [rows] 0 or 1
 * @param scores [rows], no NaN
 */
export function auc(label: Uint8Array, scores: Float64Array): Measured {
  return aucOfRanked(rankRows(label, scores));
}

/** `auc` of rows already ranked. Wins are counted in whole numbers, exact up to about 10⁸ rows. */
export function aucOfRanked(ranked: RankedRows): Measured {
  const { scores, member } = ranked;
  const rows = member.length;
  const positives = rankedPositives(ranked);
  const missing = missingClass(rows, positives);
  if (missing !== undefined) return undefinedBecause(missing);
  let halfWins = 0;
  let below = 0; // negatives passed
  for (let place = 0; place < rows; ) {
    const score = scores[place];
    let tiedPositives = 0;
    let tied = 0;
    for (; place < rows && scores[place] === score; place++, tied++) tiedPositives += member[place]! & 1;
    halfWins += tiedPositives * (2 * below + tied - tiedPositives);
    below += tied - tiedPositives;
  }
  return measured(halfWins / 2 / (positives * (rows - positives)));
}

/** AUC of each entity's rows, NaN where a class is missing. [units] */
export function groupAucs({ offsets, coded }: GroupedRanking): Float64Array {
  const units = offsets.length - 1;
  const aucs = new Float64Array(units).fill(Number.NaN);
  for (let unit = 0; unit < units; unit++) {
    const to = offsets[unit + 1]!;
    let halfWins = 0;
    let below = 0;
    let positives = 0;
    for (let place = offsets[unit]!; place < to; ) {
      const tie = coded[place]! >>> 1;
      let tiedPositives = 0;
      let tied = 0;
      for (; place < to && coded[place]! >>> 1 === tie; place++, tied++) tiedPositives += coded[place]! & 1;
      halfWins += tiedPositives * (2 * below + tied - tiedPositives);
      below += tied - tiedPositives;
      positives += tiedPositives;
    }
    if (positives > 0 && below > 0) aucs[unit] = halfWins / 2 / (positives * below);
  }
  return aucs;
}
