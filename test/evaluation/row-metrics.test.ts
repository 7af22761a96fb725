// The metrics that training follows, worked by hand.
import { describe, expect, it } from 'vitest';
import { rowMetrics } from '../../src/evaluation/row-metrics.js';

// Entity 7: positives 0.9, 0.4; negative 0.5: one of two pairs won. Entity 3: 0.2 (positive) against 0.1, 0.1: both won.
const label = Uint8Array.of(1, 1, 0, 1, 0, 0);
const probability = Float64Array.of(0.9, 0.4, 0.5, 0.2, 0.1, 0.1);
const entity = Int32Array.of(7, 7, 7, 3, 3, 3);

describe('the validation metric', () => {
  it('counts pairs over all rows and within entities, and weighs entities as asked', () => {
    // All rows: 0.9 wins 3, 0.4 wins 2, 0.2 wins 2 of 3 pairs each.
    expect(rowMetrics('events')(label, probability, entity).auc).toBeCloseTo(7 / 9, 12);
    expect(rowMetrics('events')(label, probability, entity).groupAuc).toBeCloseTo((3 * 0.5 + 3 * 1) / 6, 12);
    expect(rowMetrics('positives')(label, probability, entity).groupAuc).toBeCloseTo(
      (2 * 0.5 + 1 * 1) / 3,
      12,
    );
    expect(rowMetrics('equal')(label, probability, entity).groupAuc).toBeCloseTo(0.75, 12);
    const loss = -(Math.log(0.9) + Math.log(0.4) + Math.log(0.5) + Math.log(0.2) + 2 * Math.log(0.9)) / 6;
    expect(rowMetrics('events')(label, probability, entity).logLoss).toBeCloseTo(loss, 12);
  });

  it('has no AUC where a class is missing', () => {
    expect(
      rowMetrics('events')(Uint8Array.of(1, 1), Float64Array.of(0.5, 0.6), Int32Array.of(1, 1)),
    ).toMatchObject({
      auc: null,
      groupAuc: null,
    });
  });

  it('stops a training whose scores are no numbers', () => {
    const metric = rowMetrics('events');
    expect(() =>
      metric(Uint8Array.of(1, 0), Float64Array.of(0.5, Number.NaN), Int32Array.of(1, 1)),
    ).toThrowError(expect.objectContaining({ code: 'TRAINING_DIVERGED' }));
  });
});
