// Placement values: for each row the share of rows of the other label that it is on the right side of.
// Their means are the AUC, their spread its variance (DeLong et al. 1988). One sweep over the ranking gives them
// all, in the spirit of Sun & Xu (2014), who get them from midranks.
import type { RankedRows } from '../metrics/ranked-rows.js';

export interface Placements {
  readonly positives: number;
  readonly negatives: number;
  readonly auc: number;
  /** [rows] for a positive: share of negatives below it; for a negative: share of positives above it; ties half. */
  readonly values: Float64Array;
}

/** Placement values of ranked rows; undefined where a class is missing. */
export function placements(label: Uint8Array, { order, tie }: RankedRows): Placements | undefined {
  const rows = label.length;
  let positives = 0;
  for (let row = 0; row < rows; row++) positives += label[row]!;
  const negatives = rows - positives;
  if (positives === 0 || negatives === 0) return undefined;
  const values = new Float64Array(rows);
  let below = 0; // negatives seen
  let risen = 0; // positives seen
  let wins = 0;
  for (let place = 0; place < rows; ) {
    const from = place;
    let tiedPositives = 0;
    for (; place < rows && tie[place] === tie[from]; place++) tiedPositives += label[order[place]!]!;
    const tiedNegatives = place - from - tiedPositives;
    const ofPositive = (below + tiedNegatives / 2) / negatives;
    const ofNegative = (positives - risen - tiedPositives / 2) / positives;
    for (let tied = from; tied < place; tied++) {
      const row = order[tied]!;
      values[row] = label[row] === 1 ? ofPositive : ofNegative;
    }
    wins += tiedPositives * (2 * below + tiedNegatives);
    below += tiedNegatives;
    risen += tiedPositives;
  }
  return { positives, negatives, auc: wins / 2 / (positives * negatives), values };
}

/**
 * How each unit moves the AUC: the derivative by the unit's weight. Sums to 0 over units.
 * @param unit [rows] unit of each row
 * @returns [units]
 */
export function aucInfluence(
  label: Uint8Array,
  placed: Placements,
  unit: Int32Array,
  units: number,
): Float64Array {
  const influence = new Float64Array(units);
  for (let row = 0; row < label.length; row++) {
    const share = label[row] === 1 ? placed.positives : placed.negatives;
    influence[unit[row]!]! += (placed.values[row]! - placed.auc) / share;
  }
  return influence;
}
