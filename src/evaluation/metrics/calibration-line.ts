// Logistic recalibration (Cox 1958): label ~ sigmoid(intercept + slope × logit(score)), fitted by Newton's method.
import { clipProbability } from './log-loss.js';
import { countPositives, missingClass } from './value.js';

export interface CalibrationLine {
  /** 1 when the scores spread as far as the labels do; below 1: too extreme; above 1: too timid. */
  readonly slope: number;
  /** Logit shift left when the slope is fitted too; 0 when calibrated. */
  readonly intercept: number;
}

export type CalibrationLineFit =
  | { readonly line: CalibrationLine; readonly reason?: never }
  | { readonly line: null; readonly reason: string };

/** Logit of a clipped probability. */
export function logit(score: number): number {
  const clipped = clipProbability(score);
  return Math.log(clipped) - Math.log1p(-clipped);
}

/** Gradient and curvature of the log likelihood at a line, summed over some rows. */
export interface LineSums {
  g0: number;
  g1: number;
  h00: number;
  h01: number;
  h11: number;
}

export function addToLineSums(sums: LineSums, label: number, x: number, line: CalibrationLine): void {
  const p = 1 / (1 + Math.exp(-(line.intercept + line.slope * x)));
  const w = p * (1 - p);
  sums.g0 += label - p;
  sums.g1 += (label - p) * x;
  sums.h00 += w;
  sums.h01 += w * x;
  sums.h11 += w * x * x;
}

/** One Newton step; undefined where the curvature is singular. */
export function newtonStep(line: CalibrationLine, sums: LineSums): CalibrationLine | undefined {
  const { g0, g1, h00, h01, h11 } = sums;
  const determinant = h00 * h11 - h01 * h01;
  if (!(determinant > 1e-14 * h00 * h11)) return undefined;
  return {
    intercept: line.intercept + (h11 * g0 - h01 * g1) / determinant,
    slope: line.slope + (h00 * g1 - h01 * g0) / determinant,
  };
}

/**
 * Fits the line. There is none (null, with the reason) where a class is missing, all scores are equal, or one
 * threshold separates the classes, because then the likelihood grows without bound.
 * @param label [rows] 0 or 1
 * @param x [rows] logits of the scores
 */
export function calibrationLine(label: Uint8Array, x: Float64Array): CalibrationLineFit {
  const reason = noLineBecause(label, x);
  if (reason !== undefined) return { line: null, reason };
  let line = startingLine(label, x);
  let likelihood: number | undefined;
  for (let iteration = 0; iteration < 100; iteration++) {
    const sums: LineSums = { g0: 0, g1: 0, h00: 0, h01: 0, h11: 0 };
    for (let row = 0; row < label.length; row++) addToLineSums(sums, label[row]!, x[row]!, line);
    let next = newtonStep(line, sums);
    if (next === undefined) return { line: null, reason: 'scores vary too little to fit a line' };
    if (distance(line, next) > SAFE_STEP) {
      likelihood ??= logLikelihood(label, x, line);
      let reached = logLikelihood(label, x, next);
      for (let half = 0; half < 50 && reached < likelihood; half++) {
        next = { intercept: (line.intercept + next.intercept) / 2, slope: (line.slope + next.slope) / 2 };
        reached = logLikelihood(label, x, next);
      }
      likelihood = reached;
    } else likelihood = undefined;
    const moved = distance(line, next);
    line = next;
    if (moved < 1e-13) break;
  }
  return { line };
}

/** On many rows, the line of a thinned sample, so that the passes over all rows are few; else flat at the base rate. */
function startingLine(label: Uint8Array, x: Float64Array): CalibrationLine {
  const thinned = 100_000;
  if (label.length > 2 * thinned) {
    const every = Math.floor(label.length / thinned);
    const fit = calibrationLine(
      Uint8Array.from({ length: thinned }, (_, i) => label[i * every]!),
      Float64Array.from({ length: thinned }, (_, i) => x[i * every]!),
    );
    if (fit.line !== null) return fit.line;
  }
  const rate = countPositives(label) / label.length;
  return { intercept: Math.log(rate / (1 - rate)), slope: 0 };
}

/** Newton steps shorter than this are within its quadratic reach and taken unchecked. */
const SAFE_STEP = 0.05;

function distance(from: CalibrationLine, to: CalibrationLine): number {
  return (
    Math.abs(to.slope - from.slope) / (1 + Math.abs(from.slope)) +
    Math.abs(to.intercept - from.intercept) / (1 + Math.abs(from.intercept))
  );
}

function noLineBecause(label: Uint8Array, x: Float64Array): string | undefined {
  const missing = missingClass(label.length, countPositives(label));
  if (missing !== undefined) return missing;
  const lowest = [Infinity, Infinity];
  const highest = [-Infinity, -Infinity];
  for (let row = 0; row < label.length; row++) {
    const of = label[row]!;
    lowest[of] = Math.min(lowest[of]!, x[row]!);
    highest[of] = Math.max(highest[of]!, x[row]!);
  }
  if (Math.min(...lowest) === Math.max(...highest)) return 'all scores are equal';
  if (lowest[1]! >= highest[0]! || lowest[0]! >= highest[1]!)
    return 'one threshold separates the labels, so that no finite slope fits best';
  return undefined;
}

function logLikelihood(label: Uint8Array, x: Float64Array, line: CalibrationLine): number {
  let sum = 0;
  for (let row = 0; row < label.length; row++) {
    const z = line.intercept + line.slope * x[row]!;
    const signed = label[row] === 1 ? z : -z;
    sum += signed > 0 ? -Math.log1p(Math.exp(-signed)) : signed - Math.log1p(Math.exp(signed));
  }
  return sum;
}
