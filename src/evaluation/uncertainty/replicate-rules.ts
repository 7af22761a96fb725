// How a metric is computed again when entities count several times, or not at all: what a bootstrap replicate does.
import type { RankedRows } from '../rows/ranked-rows.js';

/** Replicates computed in one pass over the data. */
export const LANES = 4;

/**
 * From sums over resampled blocks of entities: Σ weight × column for each column, then a formula.
 * Exact for every metric that is a function of sums.
 */
interface SumsRule {
  readonly kind: 'sums';
  /** Each [blocks]; the same array given by several metrics is summed once. */
  readonly columns: readonly Float64Array[];
  readonly combine: (sums: readonly number[]) => number;
}

/** From the weights themselves, in a way of its own. */
interface WeightsRule {
  readonly kind: 'weights';
  /**
   * Computes four replicates at once, because reading the rows costs more than the arithmetic.
   * @param weights [blocks × 4] how often each block occurs in each replicate
   * @param out the four values go to out[at .. at + 3]; NaN where the metric is undefined in a replicate
   */
  readonly evaluate: (weights: Float64Array, out: Float64Array, at: number) => void;
}

export type ReplicateRule = SumsRule | WeightsRule;

export const sumsRule = (
  columns: readonly Float64Array[],
  combine: (sums: readonly number[]) => number,
): SumsRule => ({ kind: 'sums', columns, combine });

/** Numerator over denominator; NaN, for "undefined in this replicate", when nothing is left to divide by. */
export const ratioRule = (numerator: Float64Array, denominator: Float64Array): SumsRule =>
  sumsRule([numerator, denominator], ([n, d]) => (d! > 0 ? n! / d! : Number.NaN));

/** The AUC of the weighted rows, exact. @param blockOf [units] resampled block of each entity, below 2^29 */
export function rankingRule(ranked: RankedRows, blockOf: Int32Array): WeightsRule {
  const packed = packedRanking(ranked, blockOf);
  return { kind: 'weights', evaluate: (weights, out, at) => weightedAucs(packed, weights, out, at) };
}

/** [rows] ascending by score: block × 4 + 2 when the label is 1 + 1 at the last row of a tie. */
export function packedRanking({ scores, member }: RankedRows, blockOf: Int32Array): Int32Array {
  const packed = new Int32Array(member.length);
  for (let place = 0; place < packed.length; place++) {
    const of = member[place]!;
    const last = scores[place + 1] === scores[place] ? 0 : 1;
    packed[place] = blockOf[of >> 1]! * 4 + (of & 1) * 2 + last;
  }
  return packed;
}

/** Weighted AUC in four replicates; NaN where a replicate has one class only. */
function weightedAucs(packed: Int32Array, weights: Float64Array, out: Float64Array, at: number): void {
  let wins0 = 0,
    wins1 = 0,
    wins2 = 0,
    wins3 = 0;
  let below0 = 0,
    below1 = 0,
    below2 = 0,
    below3 = 0;
  let above0 = 0,
    above1 = 0,
    above2 = 0,
    above3 = 0;
  let pos0 = 0,
    pos1 = 0,
    pos2 = 0,
    pos3 = 0;
  let neg0 = 0,
    neg1 = 0,
    neg2 = 0,
    neg3 = 0;
  for (let place = 0; place < packed.length; place++) {
    const row = packed[place]!;
    const lane = row & ~3;
    if ((row & 2) === 2) {
      pos0 += weights[lane]!;
      pos1 += weights[lane + 1]!;
      pos2 += weights[lane + 2]!;
      pos3 += weights[lane + 3]!;
    } else {
      neg0 += weights[lane]!;
      neg1 += weights[lane + 1]!;
      neg2 += weights[lane + 2]!;
      neg3 += weights[lane + 3]!;
    }
    if ((row & 1) === 0) continue;
    wins0 += pos0 * (below0 + neg0 / 2);
    wins1 += pos1 * (below1 + neg1 / 2);
    wins2 += pos2 * (below2 + neg2 / 2);
    wins3 += pos3 * (below3 + neg3 / 2);
    below0 += neg0;
    below1 += neg1;
    below2 += neg2;
    below3 += neg3;
    above0 += pos0;
    above1 += pos1;
    above2 += pos2;
    above3 += pos3;
    pos0 = pos1 = pos2 = pos3 = neg0 = neg1 = neg2 = neg3 = 0;
  }
  out[at] = wins0 / (above0 * below0); // 0 / 0 is NaN: undefined in that replicate
  out[at + 1] = wins1 / (above1 * below1);
  out[at + 2] = wins2 / (above2 * below2);
  out[at + 3] = wins3 / (above3 * below3);
}

/** Σ weight × column in four replicates, to out[at .. at + 3]. @param column [blocks] */
export function weightedSums(
  column: Float64Array,
  weights: Float64Array,
  out: Float64Array,
  at: number,
): void {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  for (let block = 0; block < column.length; block++) {
    const value = column[block]!;
    const lane = block * LANES;
    sum0 += value * weights[lane]!;
    sum1 += value * weights[lane + 1]!;
    sum2 += value * weights[lane + 2]!;
    sum3 += value * weights[lane + 3]!;
  }
  out[at] = sum0;
  out[at + 1] = sum1;
  out[at + 2] = sum2;
  out[at + 3] = sum3;
}
