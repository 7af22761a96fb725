// Rows in ascending order of score: sorted once, then read from front to back by every metric. Reading in order, with
// all that a metric needs lying at the place itself, is what makes ten million rows fast: a random read costs a cache miss.
import { ascendingOrder } from './ascending-order.js';

export interface RankedRows {
  /** [rows] scores, ascending; equal neighbours are ties. */
  readonly scores: Float64Array;
  /** [rows] entity × 2 + label of the row at each place. */
  readonly member: Int32Array;
}

export interface RankedOrder extends RankedRows {
  /** [rows] row number at each place. */
  readonly order: Uint32Array;
}

/**
 * Ranks rows by score.
 * @param label [rows] 0 or 1
 * @param scores [rows], no NaN
 * @param unit [rows] entity of each row, 0 .. units − 1; without it all rows are one entity's
 */
export function rankRows(label: Uint8Array, scores: Float64Array, unit?: Int32Array): RankedOrder {
  const { order, sorted } = ascendingOrder(scores);
  const packed = new Int32Array(label);
  if (unit !== undefined) for (let row = 0; row < packed.length; row++) packed[row]! += unit[row]! * 2;
  const member = new Int32Array(order.length);
  for (let place = 0; place < order.length; place++) member[place] = packed[order[place]!]!;
  return { order, scores: sorted, member };
}

/** Rows by entity, ascending by score inside each. */
export interface GroupedRanking {
  /** [units + 1]: entity u has the places offsets[u] .. offsets[u + 1]. */
  readonly offsets: Int32Array;
  /** [rows] tie × 2 + label of each place: an entity's rows tie where their tie numbers are equal. */
  readonly coded: Uint32Array;
}

/** Groups a ranking by entity in one stable pass. */
export function groupRanking({ scores, member }: RankedRows, units: number): GroupedRanking {
  const offsets = new Int32Array(units + 1);
  for (let place = 0; place < member.length; place++) offsets[(member[place]! >> 1) + 1]!++;
  for (let unit = 0; unit < units; unit++) offsets[unit + 1]! += offsets[unit]!;
  const next = offsets.slice(0, units);
  const coded = new Uint32Array(member.length);
  let tie = 0;
  for (let place = 0; place < member.length; place++) {
    if (place > 0 && scores[place] !== scores[place - 1]) tie++;
    const of = member[place]!;
    coded[next[of >> 1]!++] = tie * 2 + (of & 1);
  }
  return { offsets, coded };
}

/** Number of rows with label 1. */
export function rankedPositives({ member }: RankedRows): number {
  let positives = 0;
  for (let place = 0; place < member.length; place++) positives += member[place]! & 1;
  return positives;
}
