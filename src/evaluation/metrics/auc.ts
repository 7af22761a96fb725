// Area under the ROC curve, exact, a tie counting half: the Mann–Whitney probability that a positive outranks a negative.
import { countPositives, type Measured, measured, missingClass, undefinedBecause } from './measured.js';
import { type GroupedRanking, type RankedRows, rankRows } from './ranked-rows.js';

/**
 * AUC of scores, equal to scikit-learn's `roc_auc_score`; without a value where a class is missing.
 * @param label [rows] 0 or 1
 * @param scores [rows], no NaN
 */
export function auc(label: Uint8Array, scores: Float64Array): Measured {
  return aucOfRanked(label, rankRows(scores));
}

/** `auc` of rows already ranked. */
export function aucOfRanked(label: Uint8Array, ranked: RankedRows): Measured {
  const positives = countPositives(label);
  const missing = missingClass(label.length, positives);
  if (missing !== undefined) return undefinedBecause(missing);
  const wins = halfWins(label, ranked, 0, label.length);
  return measured(wins / 2 / (positives * (label.length - positives)));
}

/**
 * AUC of each group of rows, NaN where a class is missing.
 * @returns [groups]
 */
export function groupAucs(label: Uint8Array, grouped: GroupedRanking): Float64Array {
  const groups = grouped.offsets.length - 1;
  const aucs = new Float64Array(groups).fill(Number.NaN);
  for (let group = 0; group < groups; group++) {
    const from = grouped.offsets[group]!;
    const to = grouped.offsets[group + 1]!;
    let positives = 0;
    for (let place = from; place < to; place++) positives += label[grouped.order[place]!]!;
    const pairs = positives * (to - from - positives);
    if (pairs > 0) aucs[group] = halfWins(label, grouped, from, to) / 2 / pairs;
  }
  return aucs;
}

/** Twice the pairs won plus the pairs tied, an exact integer up to about 10⁸ rows. */
function halfWins(label: Uint8Array, { order, tie }: RankedRows, from: number, to: number): number {
  let wins = 0;
  let negativesBelow = 0;
  for (let place = from; place < to; ) {
    const number = tie[place];
    let positives = 0;
    let negatives = 0;
    for (; place < to && tie[place] === number; place++) {
      if (label[order[place]!] === 1) positives++;
      else negatives++;
    }
    wins += positives * (2 * negativesBelow + negatives);
    negativesBelow += negatives;
  }
  return wins;
}
