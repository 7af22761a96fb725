// Precision, recall and nDCG at k inside each entity; scores that tie are taken in every order, and the values averaged.
import type { GroupedRanking } from '../rows/ranked-rows.js';

export interface EntityRanking {
  readonly k: number;
  /** [units] values; NaN where every order of the unit's rows gives the same value. */
  readonly precision: Float64Array;
  readonly recall: Float64Array;
  readonly ndcg: Float64Array;
}

/**
 * Ranks each unit's own rows by falling score. Ties count as the mean over all orders of the tied rows, which is
 * what scikit-learn's `ndcg_score` does. Precision and recall need rows of both labels and more than k rows, nDCG
 * rows of both labels: other units cannot tell a good order from a bad one, and are NaN.
 */
export function rankingAtK(grouped: GroupedRanking, k: number): EntityRanking {
  const units = grouped.offsets.length - 1;
  const precision = new Float64Array(units).fill(Number.NaN);
  const recall = new Float64Array(units).fill(Number.NaN);
  const ndcg = new Float64Array(units).fill(Number.NaN);
  const gains = cumulativeDiscounts(k);
  for (let unit = 0; unit < units; unit++) {
    const from = grouped.offsets[unit]!;
    const to = grouped.offsets[unit + 1]!;
    const { hits, gain, positives } = topOf(grouped.coded, from, to, k, gains);
    const rows = to - from;
    if (positives === 0 || positives === rows) continue;
    ndcg[unit] = gain / gains[Math.min(positives, k)]!;
    if (rows <= k) continue;
    precision[unit] = hits / k;
    recall[unit] = hits / positives;
  }
  return { k, precision, recall, ndcg };
}

/** [k + 1] sum of the first i discounts 1 / log2(1 + rank). */
function cumulativeDiscounts(k: number): Float64Array {
  const sums = new Float64Array(k + 1);
  for (let rank = 1; rank <= k; rank++) sums[rank] = sums[rank - 1]! + 1 / Math.log2(1 + rank);
  return sums;
}

/** Expected positives, and expected discounted gain, among the k highest scores of one unit. */
function topOf(
  coded: Uint32Array,
  from: number,
  to: number,
  k: number,
  gains: Float64Array,
): { hits: number; gain: number; positives: number } {
  let hits = 0;
  let gain = 0;
  let positives = 0;
  for (let place = to - 1; place >= from; ) {
    const tie = coded[place]! >>> 1;
    const above = to - 1 - place;
    let tied = 0;
    let tiedPositives = 0;
    for (; place >= from && coded[place]! >>> 1 === tie; place--, tied++) tiedPositives += coded[place]! & 1;
    positives += tiedPositives;
    if (above >= k) continue;
    const seats = Math.min(tied, k - above);
    hits += (tiedPositives * seats) / tied;
    gain += (tiedPositives / tied) * (gains[above + seats]! - gains[above]!);
  }
  return { hits, gain, positives };
}
