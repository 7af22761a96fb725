// Slope and intercept of the logistic recalibration: are the scores too extreme or too timid, too high or too low?
import { once, onceFor } from '../rows/once.js';
import type { ResampledBlocks } from '../uncertainty/entity-bootstrap.js';
import { sumsRule } from '../uncertainty/replicate-rules.js';
import {
  addToLineSums,
  type CalibrationLine,
  type CalibrationLineFit,
  calibrationLine,
  type LineSums,
  logit,
  newtonStep,
} from './calibration-line.js';
import type { Measurement, Metric } from './metric.js';
import type { MetricRows } from './metric-rows.js';
import { undefinedBecause, valued } from './value.js';

const AXIS = 'Calibration slope: how far it is from 1';

export const calibrationSlopeMetric: Metric = {
  name: 'calibrationSlope',
  title: 'calibration slope',
  short: 'slope',
  better: { nearest: 1 },
  axis: AXIS,
  where: 'report',
  definition: () =>
    'Slope b of the logistic fit label ~ sigmoid(a + b logit(score)): 1 is calibrated, below 1 too extreme, above 1 too timid. ' +
    'Models are compared by |slope - 1|; lower is better.',
  measure: (rows) => partOfLine(rows, 'slope'),
};

export const calibrationInterceptMetric: Metric = {
  name: 'calibrationIntercept',
  title: 'calibration intercept',
  better: { nearest: 0 },
  axis: AXIS,
  where: 'data',
  definition: () => 'Intercept a of the logistic fit label ~ sigmoid(a + b logit(score)): 0 is calibrated.',
  measure: (rows) => partOfLine(rows, 'intercept'),
};

/**
 * A replicate takes one Newton step from the line of the full sample with the replicate's own gradient and curvature, which
 * differs from refitting by terms of second order.
 */
function partOfLine(rows: MetricRows, part: keyof CalibrationLine): Measurement {
  const { line, reason } = once(rows, fitted).fit;
  if (line === null) return undefinedBecause(reason);
  return {
    ...valued(line[part]),
    rule: (draws) =>
      sumsRule(onceFor(rows, draws, lineColumns), ([g0, g1, h00, h01, h11]) => {
        const next = newtonStep(line, { g0: g0!, g1: g1!, h00: h00!, h01: h01!, h11: h11! });
        return next === undefined ? Number.NaN : next[part];
      }),
  };
}

/** The line, and the logits it was fitted to. */
function fitted({ ranked: { scores, member } }: MetricRows): { fit: CalibrationLineFit; x: Float64Array } {
  const x = scores.map(logit);
  const label = new Uint8Array(member.length);
  for (let place = 0; place < label.length; place++) label[place] = member[place]! & 1;
  return { fit: calibrationLine(label, x), x };
}

/** Gradient (2) and curvature (3) of the likelihood at the fitted line, by block. */
function lineColumns(rows: MetricRows, { blocks, blockOf }: ResampledBlocks): readonly Float64Array[] {
  const { fit, x } = once(rows, fitted);
  const { member } = rows.ranked;
  const column = (): Float64Array => new Float64Array(blocks);
  const [g0, g1, h00, h01, h11] = [column(), column(), column(), column(), column()] as const;
  const sums: LineSums = { g0: 0, g1: 0, h00: 0, h01: 0, h11: 0 };
  for (let place = 0; place < member.length; place++) {
    sums.g0 = sums.g1 = sums.h00 = sums.h01 = sums.h11 = 0;
    addToLineSums(sums, member[place]! & 1, x[place]!, fit.line!);
    const block = blockOf[member[place]! >> 1]!;
    g0[block]! += sums.g0;
    g1[block]! += sums.g1;
    h00[block]! += sums.h00;
    h01[block]! += sums.h01;
    h11[block]! += sums.h11;
  }
  return [g0, g1, h00, h01, h11];
}
