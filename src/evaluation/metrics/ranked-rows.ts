// Rows in ascending order of score with their ties marked: sorted once, used by every metric that looks at order.
import { ascendingOrder } from './ascending-order.js';

export interface RankedRows {
  /** [rows] row numbers, ascending by score. */
  readonly order: Uint32Array;
  /** [rows] number of the tie that each place belongs to: equal numbers mean equal scores; never falling. */
  readonly tie: Uint32Array;
}

/** Ranks rows by score. @param scores [rows], no NaN */
export function rankRows(scores: Float64Array): RankedRows {
  const order = ascendingOrder(scores);
  const tie = new Uint32Array(order.length);
  let number = 0;
  for (let place = 1; place < order.length; place++) {
    if (scores[order[place]!] !== scores[order[place - 1]!]) number++;
    tie[place] = number;
  }
  return { order, tie };
}

/** The same rows grouped: group g has the places offsets[g] .. offsets[g + 1], ascending by score inside. */
export interface GroupedRanking extends RankedRows {
  /** [groups + 1] */
  readonly offsets: Int32Array;
}

/** Groups a ranking in one stable pass. @param group [rows] group of each row, 0 .. groups − 1 */
export function groupRanking(ranked: RankedRows, group: Int32Array, groups: number): GroupedRanking {
  const offsets = new Int32Array(groups + 1);
  for (let row = 0; row < group.length; row++) offsets[group[row]! + 1]!++;
  for (let g = 0; g < groups; g++) offsets[g + 1]! += offsets[g]!;
  const next = offsets.slice(0, groups);
  const order = new Uint32Array(group.length);
  const tie = new Uint32Array(group.length);
  for (let place = 0; place < order.length; place++) {
    const row = ranked.order[place]!;
    const at = next[group[row]!]!++;
    order[at] = row;
    tie[at] = ranked.tie[place]!;
  }
  return { offsets, order, tie };
}
