// Placement values: for each row the share of rows of the other label that it is on the right side of.
// Their means are the AUC, their spread its variance (DeLong et al. 1988). One sweep over the ranking gives them
// all, in the spirit of Sun & Xu (2014), who get them from midranks.
import { type RankedOrder, type RankedRows, rankedPositives } from '../rows/ranked-rows.js';

interface PlacementSweep {
  readonly positives: number;
  readonly negatives: number;
  readonly auc: number;
}

/**
 * Sweeps a ranking and hands over each tie: its places, the placement value of its positives (share of negatives
 * below, ties half) and that of its negatives (share of positives above, ties half). Undefined where a class is missing.
 */
function sweepPlacements(
  ranked: RankedRows,
  visit: (from: number, to: number, ofPositive: number, ofNegative: number) => void,
): PlacementSweep | undefined {
  const { scores, member } = ranked;
  const rows = member.length;
  const positives = rankedPositives(ranked);
  const negatives = rows - positives;
  if (positives === 0 || negatives === 0) return undefined;
  let below = 0; // negatives passed
  let risen = 0; // positives passed
  let halfWins = 0;
  for (let place = 0; place < rows; ) {
    const from = place;
    let tiedPositives = 0;
    for (; place < rows && scores[place] === scores[from]; place++) tiedPositives += member[place]! & 1;
    const tiedNegatives = place - from - tiedPositives;
    visit(
      from,
      place,
      (below + tiedNegatives / 2) / negatives,
      (positives - risen - tiedPositives / 2) / positives,
    );
    halfWins += tiedPositives * (2 * below + tiedNegatives);
    below += tiedNegatives;
    risen += tiedPositives;
  }
  return { positives, negatives, auc: halfWins / 2 / (positives * negatives) };
}

export interface Placements extends PlacementSweep {
  /** [rows] by row number */
  readonly values: Float64Array;
}

/** Placement values by row number; undefined where a class is missing. */
export function placements(ranked: RankedOrder): Placements | undefined {
  const { order, member } = ranked;
  const inOrder = new Float64Array(order.length);
  const sweep = sweepPlacements(ranked, (from, to, ofPositive, ofNegative) => {
    for (let place = from; place < to; place++)
      inOrder[place] = (member[place]! & 1) === 1 ? ofPositive : ofNegative;
  });
  if (sweep === undefined) return undefined;
  const values = new Float64Array(order.length);
  for (let place = 0; place < order.length; place++) values[order[place]!] = inOrder[place]!;
  return { ...sweep, values };
}

/**
 * How each entity moves the AUC: the derivative of the AUC by the entity's weight. Sums to 0 over entities.
 * Undefined where a class is missing. [units]
 */
export function aucInfluence(ranked: RankedRows, units: number): Float64Array | undefined {
  const { member } = ranked;
  const ofPositives = new Float64Array(units);
  const ofNegatives = new Float64Array(units);
  const positives = new Float64Array(units);
  const rows = new Float64Array(units);
  const sweep = sweepPlacements(ranked, (from, to, ofPositive, ofNegative) => {
    for (let place = from; place < to; place++) {
      const unit = member[place]! >> 1;
      rows[unit]!++;
      if ((member[place]! & 1) === 1) {
        ofPositives[unit]! += ofPositive;
        positives[unit]!++;
      } else ofNegatives[unit]! += ofNegative;
    }
  });
  if (sweep === undefined) return undefined;
  return rows.map(
    (count, unit) =>
      (ofPositives[unit]! - sweep.auc * positives[unit]!) / sweep.positives +
      (ofNegatives[unit]! - sweep.auc * (count - positives[unit]!)) / sweep.negatives,
  );
}
