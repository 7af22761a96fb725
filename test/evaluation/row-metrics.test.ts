// The headline metrics that training follows and a check holds, worked by hand.
import { describe, expect, it } from 'vitest';
import { evaluationConfig } from '../../src/evaluation/config/evaluation-config.js';
import { METRICS } from '../../src/evaluation/metrics/registry.js';
import { followedMetrics, rowMetrics } from '../../src/evaluation/row-metrics.js';

// Entity 7: positives 0.9, 0.4; negative 0.5: one of two pairs won. Entity 3: 0.2 (positive) against 0.1, 0.1: both won.
const label = Uint8Array.of(1, 1, 0, 1, 0, 0);
const probability = Float64Array.of(0.9, 0.4, 0.5, 0.2, 0.1, 0.1);
const entity = Int32Array.of(7, 7, 7, 3, 3, 3);
const one = {
  label: Uint8Array.of(1, 1),
  probability: Float64Array.of(0.5, 0.6),
  entity: Int32Array.of(1, 1),
};
const config = (groupAuc: string) => evaluationConfig.parse({ groupAuc });

describe('the headline metrics', () => {
  const values = (weights: string) =>
    rowMetrics({ label, probability, entity }, 'test rows', METRICS, config(weights));

  it('count pairs over all rows and within entities, and weigh entities as asked', () => {
    // All rows: 0.9 wins 3, 0.4 wins 2, 0.2 wins 2 of 3 pairs each.
    expect(values('events')['auc']).toBeCloseTo(7 / 9, 12);
    expect(values('events')['groupAuc']).toBeCloseTo((3 * 0.5 + 3 * 1) / 6, 12);
    expect(values('positives')['groupAuc']).toBeCloseTo((2 * 0.5 + 1 * 1) / 3, 12);
    expect(values('equal')['groupAuc']).toBeCloseTo(0.75, 12);
    const loss = -(Math.log(0.9) + Math.log(0.4) + Math.log(0.5) + Math.log(0.2) + 2 * Math.log(0.9)) / 6;
    expect(values('events')['logLoss']).toBeCloseTo(loss, 12);
  });

  it('have no AUC where a class is missing', () => {
    expect(rowMetrics(one, 'test rows', METRICS, config('events'))).toMatchObject({
      auc: null,
      groupAuc: null,
    });
  });

  it('refuse scores that are no numbers, and say of which rows', () => {
    const rows = { ...one, probability: Float64Array.of(0.5, Number.NaN) };
    expect(() => rowMetrics(rows, 'test rows', METRICS, config('events'))).toThrowError(
      expect.objectContaining({ code: 'TRAINING_DIVERGED', where: 'test rows' }),
    );
  });
});

describe('the metric that chooses the epoch', () => {
  const score = (chosen: string, rows = { label, probability, entity }) =>
    followedMetrics(METRICS, config('events'), chosen).measure(rows.label, rows.probability, rows.entity);

  it('is the larger the better, whichever way its own values go', () => {
    for (const name of ['auc', 'groupAuc']) expect(score(name).score, name).toBe(score(name).values[name]);
    expect(score('logLoss').score).toBe(-score('logLoss').values['logLoss']!);
  });

  it('gives way to the loss where it is undefined', () => {
    const { score: chosen, values } = score('auc', one);
    expect(values['auc']).toBeNull();
    expect(chosen).toBe(-values['logLoss']!);
  });
});
