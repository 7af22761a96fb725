// Points of the ROC and calibration pictures: true vertices, bounded thinning, intervals that know of entities.
import { describe, expect, it } from 'vitest';
import { calibrationCurve, rocCurve, wilson } from '../../src/evaluation/curves.js';
import { auc } from '../../src/evaluation/metrics/auc.js';
import { rankRows } from '../../src/evaluation/rows/ranked-rows.js';
import { randomStream } from '../../src/random.js';
import { floats, labels } from './arrays.js';

describe('rocCurve', () => {
  it('by hand, a tie as one straight step', () => {
    const ranked = rankRows(labels([1, 0, 1, 0]), floats([0.9, 0.5, 0.5, 0.1]));
    expect(rocCurve(ranked)).toEqual({
      points: [
        [0, 0],
        [0, 0.5],
        [0.5, 1],
        [1, 1],
      ],
      largestError: 0,
    });
  });
  it('has no curve where a class is missing', () => {
    expect(rocCurve(rankRows(labels([1, 1]), floats([0.9, 0.5])))).toBeNull();
  });
  it('thins many rows to few true vertices within the stated error', () => {
    const stream = randomStream(1, 'roc');
    const label = labels(Array.from({ length: 20_000 }, () => stream.integer(2)));
    const scores = floats([...label].map((y) => y + 2 * stream.normal()));
    const ranked = rankRows(label, scores);
    const full = rocCurve(ranked, Number.POSITIVE_INFINITY)!;
    expect(full.points.length).toBe(20_001);
    expect(full.largestError).toBe(0);
    const thin = rocCurve(ranked, 100)!;
    expect(thin.points.length).toBeGreaterThan(90);
    expect(thin.points.length).toBeLessThanOrEqual(100);
    expect(thin.largestError).toBeLessThanOrEqual(2 / 99);
    const vertices = new Set(full.points.map(String));
    for (const point of thin.points) expect(vertices.has(String(point))).toBe(true);
    const area = (points: readonly (readonly [number, number])[]): number =>
      points.slice(1).reduce((sum, [x, y], i) => sum + ((x - points[i]![0]) * (y + points[i]![1])) / 2, 0);
    expect(area(full.points)).toBeCloseTo(auc(label, scores).value!, 12);
    expect(Math.abs(area(thin.points) - area(full.points))).toBeLessThan(thin.largestError / 10);
  });
});

describe('calibrationCurve', () => {
  it('by hand: two bins of equal rows', () => {
    const ranked = rankRows(
      labels([0, 1, 1, 1]),
      floats([0.1, 0.3, 0.6, 0.8]),
      Int32Array.from([0, 1, 0, 1]),
    );
    const [low, high] = calibrationCurve(ranked, 2, 2, 'equal-mass', 0.95);
    expect(low).toMatchObject({ from: 0.1, to: 0.3, rows: 2, entities: 2, meanScore: 0.2, labelRate: 0.5 });
    expect(high).toMatchObject({ rows: 2, labelRate: 1, high: 1 });
    expect(high!.low).toBeCloseTo(wilson(1, 2, 1.959963984540054).low, 12);
  });
  it('leaves out empty bins', () => {
    const ranked = rankRows(labels([0, 1]), floats([0.1, 0.9]));
    expect(calibrationCurve(ranked, 1, 10, 'equal-width', 0.95).length).toBe(2);
  });
  it('widens by the design effect: 10 entities of 20 equal labels are worth about 10 rows, not 200', () => {
    const entity = Int32Array.from({ length: 200 }, (_, row) => Math.floor(row / 20));
    const label = labels([...entity].map((of) => of % 2));
    const [bin] = calibrationCurve(
      rankRows(label, new Float64Array(200).fill(0.5), entity),
      10,
      2,
      'equal-width',
      0.95,
    );
    const independent = wilson(0.5, 200, 1.959963984540054);
    const clustered = wilson(0.5, 9, 1.959963984540054); // 10 entities, one lost to the mean
    expect(bin!.low).toBeCloseTo(clustered.low, 10);
    expect(bin!.low).toBeLessThan(independent.low - 0.15);
  });
  it("Wilson's interval of 1 in 10 is 0.0179 to 0.4042", () => {
    const { low, high } = wilson(0.1, 10, 1.959963984540054);
    expect(low).toBeCloseTo(0.0179, 4);
    expect(high).toBeCloseTo(0.4042, 4);
  });
});
