// Calibration of one model with the rules to resample it: bins as fixed sums, the calibration line by one Newton step.
import type { MeasuredMetric, UnitCounts } from './measure-model.js';
import type { CalibrationBins } from './metrics/calibration-bins.js';
import {
  addToLineSums,
  type CalibrationLine,
  calibrationLine,
  type LineSums,
  logit,
  newtonStep,
} from './metrics/calibration-line.js';
import type { MetricName } from './metrics/metric-catalogue.js';
import { measured, undefinedBecause } from './metrics/value.js';
import type { RankedRows } from './rows/ranked-rows.js';
import type { ResampledBlocks } from './uncertainty/entity-bootstrap.js';
import { type SumsRule, sumsRule } from './uncertainty/replicate-rules.js';

/** Calibration error in replicates, with the bin edges of the full sample. */
export function calibrationErrorRule(
  { scores, member }: RankedRows,
  { starts }: CalibrationBins,
  counts: UnitCounts,
  { blocks, blockOf }: ResampledBlocks,
): SumsRule {
  const gaps = Array.from({ length: starts.length - 1 }, (_, bin) => {
    const gap = new Float64Array(blocks);
    for (let place = starts[bin]!; place < starts[bin + 1]!; place++) {
      const of = member[place]!;
      gap[blockOf[of >> 1]!]! += scores[place]! - (of & 1);
    }
    return gap;
  });
  return sumsRule([counts.blockRows, ...gaps], ([rows, ...ofBins]) => {
    if (rows === 0) return Number.NaN;
    return ofBins.reduce((sum, gap) => sum + Math.abs(gap), 0) / rows!;
  });
}

/**
 * Slope and intercept. A replicate takes one Newton step from the line of the full sample with the replicate's own
 * gradient and curvature, which differs from refitting by terms of second order.
 */
export function measureLine(
  { scores, member }: RankedRows,
  blocks: ResampledBlocks,
  metrics: Map<MetricName, MeasuredMetric>,
): void {
  const x = scores.map(logit);
  const label = new Uint8Array(member.length);
  for (let place = 0; place < label.length; place++) label[place] = member[place]! & 1;
  const { line, reason } = calibrationLine(label, x);
  if (line === null) {
    metrics.set('calibrationSlope', { measured: undefinedBecause(reason) });
    metrics.set('calibrationIntercept', { measured: undefinedBecause(reason) });
    return;
  }
  const columns = lineColumns(member, x, line, blocks);
  const stepped = (part: keyof CalibrationLine): SumsRule =>
    sumsRule(columns, ([g0, g1, h00, h01, h11]) => {
      const next = newtonStep(line, { g0: g0!, g1: g1!, h00: h00!, h01: h01!, h11: h11! });
      return next === undefined ? Number.NaN : next[part];
    });
  metrics.set('calibrationSlope', { measured: measured(line.slope), rule: stepped('slope') });
  metrics.set('calibrationIntercept', { measured: measured(line.intercept), rule: stepped('intercept') });
}

/** Gradient (2) and curvature (3) of the likelihood at the fitted line, by block. */
function lineColumns(
  member: Int32Array,
  x: Float64Array,
  line: CalibrationLine,
  { blocks, blockOf }: ResampledBlocks,
): Float64Array[] {
  const column = (): Float64Array => new Float64Array(blocks);
  const [g0, g1, h00, h01, h11] = [column(), column(), column(), column(), column()] as const;
  const sums: LineSums = { g0: 0, g1: 0, h00: 0, h01: 0, h11: 0 };
  for (let place = 0; place < member.length; place++) {
    sums.g0 = sums.g1 = sums.h00 = sums.h01 = sums.h11 = 0;
    addToLineSums(sums, member[place]! & 1, x[place]!, line);
    const block = blockOf[member[place]! >> 1]!;
    g0[block]! += sums.g0;
    g1[block]! += sums.g1;
    h00[block]! += sums.h00;
    h01[block]! += sums.h01;
    h11[block]! += sums.h11;
  }
  return [g0, g1, h00, h01, h11];
}
