// Points for the pictures: ROC thinned to what an eye can see, and calibration by bin with intervals.
import type { BinKind } from './config/evaluation-config.js';
import { calibrationBins } from './metrics/calibration-bins.js';
import { type RankedRows, rankedPositives } from './rows/ranked-rows.js';
import { normalQuantile } from './uncertainty/normal.js';

interface RocCurve {
  /** [false positive rate, true positive rate] from [0, 0] to [1, 1], each a true vertex of the curve. */
  readonly points: readonly (readonly [number, number])[];
  /** Straight lines between the points are off the full curve by no more than this, in either direction. */
  readonly largestError: number;
}

export interface CalibrationPoint {
  /** Range of scores in the bin. */
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly entities: number;
  readonly meanScore: number;
  readonly labelRate: number;
  /** Interval of the label rate. */
  readonly low: number;
  readonly high: number;
}

export interface ModelCurves {
  readonly model: string;
  /** Null where a class is missing. */
  readonly roc: RocCurve | null;
  readonly calibration: readonly CalibrationPoint[];
}

/** At most this many points of a ROC curve. */
const ROC_POINTS = 200;

/**
 * The ROC curve of ranked rows at about `most` vertices, evenly spaced along the curve (by the sum of both rates).
 * Rows that tie are one straight step. Null where a class is missing.
 */
export function rocCurve(ranked: RankedRows, most = ROC_POINTS): RocCurve | null {
  const { scores, member } = ranked;
  const positives = rankedPositives(ranked);
  const negatives = member.length - positives;
  if (positives === 0 || negatives === 0) return null;
  const points: [number, number][] = [[0, 0]];
  let risen = 0;
  let passed = 0;
  let skipped = false;
  let largestError = 0;
  const gap = 2 / (most - 1);
  let last: [number, number] = [0, 0];
  let before: [number, number] = [0, 0]; // the vertex passed most recently
  for (let place = member.length - 1; place >= 0; ) {
    const score = scores[place];
    for (; place >= 0 && scores[place] === score; place--) {
      if ((member[place]! & 1) === 1) risen++;
      else passed++;
    }
    const vertex: [number, number] = [passed / negatives, risen / positives];
    if (place >= 0 && vertex[0] + vertex[1] - last[0] - last[1] < gap) {
      before = vertex;
      skipped = true;
      continue;
    }
    // What lies between two kept points lies in the rectangle that they span, up to the last vertex left out.
    if (skipped) largestError = Math.max(largestError, before[0] - last[0], before[1] - last[1]);
    points.push(vertex);
    last = vertex;
    skipped = false;
  }
  return { points, largestError };
}

/**
 * Mean score and label rate by bin, with a Wilson interval on the effective number of rows: rows of an entity are alike,
 * so a bin's rows count as rows ÷ design effect, the factor by which clustering widens the variance (Kish; never below 1).
 * In a bin with one label only, where that factor cannot be seen, each entity counts as one row.
 */
export function calibrationCurve(
  ranked: RankedRows,
  units: number,
  bins: number,
  kind: BinKind,
  level: number,
): CalibrationPoint[] {
  const { scores, member } = ranked;
  const { starts } = calibrationBins(scores, bins, kind);
  const z = normalQuantile((1 + level) / 2);
  const rowsOf = new Float64Array(units);
  const labelsOf = new Float64Array(units);
  const points: CalibrationPoint[] = [];
  for (let bin = 0; bin < bins; bin++) {
    const [from, to] = [starts[bin]!, starts[bin + 1]!];
    if (from === to) continue;
    let sum = 0;
    let positives = 0;
    for (let place = from; place < to; place++) {
      const of = member[place]!;
      rowsOf[of >> 1]!++;
      labelsOf[of >> 1]! += of & 1;
      positives += of & 1;
      sum += scores[place]!;
    }
    const rows = to - from;
    const labelRate = positives / rows;
    let entities = 0;
    let squares = 0;
    for (let place = from; place < to; place++) {
      const unit = member[place]! >> 1;
      if (rowsOf[unit] === 0) continue;
      entities++;
      squares += (labelsOf[unit]! - labelRate * rowsOf[unit]!) ** 2;
      rowsOf[unit] = labelsOf[unit] = 0;
    }
    const effective = effectiveRows(rows, entities, labelRate, squares);
    points.push({
      from: scores[from]!,
      to: scores[to - 1]!,
      rows,
      entities,
      meanScore: sum / rows,
      labelRate,
      ...wilson(labelRate, effective, z),
    });
  }
  return points;
}

/** Rows ÷ design effect. `squares`: Σ over entities of (labels − rate × rows)². */
function effectiveRows(rows: number, entities: number, rate: number, squares: number): number {
  if (rate === 0 || rate === 1 || entities < 2) return entities;
  const clustered = (squares * entities) / (entities - 1) / (rows * rows);
  const independent = (rate * (1 - rate)) / rows;
  return rows / Math.max(1, clustered / independent);
}

/** Wilson's score interval of a rate seen in `rows` rows. */
export function wilson(rate: number, rows: number, z: number): { low: number; high: number } {
  const square = z * z;
  const centre = (rate + square / (2 * rows)) / (1 + square / rows);
  const reach =
    (z / (1 + square / rows)) * Math.sqrt((rate * (1 - rate)) / rows + square / (4 * rows * rows));
  return { low: Math.max(0, centre - reach), high: Math.min(1, centre + reach) };
}
