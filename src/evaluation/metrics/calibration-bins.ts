// Bins of predicted probability: equal in width or in rows, a score never split between two bins.
import type { BinKind } from '../config/evaluation-config.js';

export interface CalibrationBins {
  readonly kind: BinKind;
  /** [bins + 1] edges; bin b holds scores in (edges[b], edges[b + 1]], the first also its lower edge. */
  readonly edges: Float64Array;
  /** [bins + 1] places in the ranking: bin b has the places starts[b] .. starts[b + 1]. */
  readonly starts: Int32Array;
}

/**
 * Cuts ranked rows into bins with the edges of scikit-learn's `calibration_curve` (strategies quantile and uniform).
 * Scores tied across a quantile make bins unequal, or empty, rather than be split.
 * @param scores [rows] ascending
 */
export function calibrationBins(scores: Float64Array, bins: number, kind: BinKind): CalibrationBins {
  const rows = scores.length;
  const step = 1 / bins;
  const edges = new Float64Array(bins + 1);
  for (let edge = 0; edge <= bins; edge++) {
    const share = edge === bins ? 1 : edge * step;
    edges[edge] = kind === 'equal-width' ? share : quantile(scores, share);
  }
  const starts = new Int32Array(bins + 1);
  let place = 0;
  for (let bin = 0; bin < bins; bin++) {
    starts[bin] = place;
    if (bin === bins - 1) place = rows;
    while (place < rows && scores[place]! <= edges[bin + 1]!) place++;
  }
  starts[bins] = rows;
  return { kind, edges, starts };
}

/** Linear quantile (type 7), rounded as numpy rounds it so that edges fall on the same side of tied scores. */
function quantile(scores: Float64Array, share: number): number {
  if (scores.length === 0) return share;
  const position = ((share * 100) / 100) * (scores.length - 1);
  const below = Math.floor(position);
  const fraction = position - below;
  const low = scores[below]!;
  const high = scores[Math.min(below + 1, scores.length - 1)]!;
  return fraction < 0.5 ? low + (high - low) * fraction : high - (high - low) * (1 - fraction);
}
