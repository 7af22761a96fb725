// Seeds and entities together: worked by hand, against each part alone, and how often the interval covers what it should.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overSeeds } from '../../src/evaluation/over-seeds.js';
import { studentQuantile } from '../../src/evaluation/uncertainty/student-t.js';
import { randomStream } from '../../src/random.js';

const seeds = (values: readonly number[], standardError: number | null) =>
  values.map((value, seed) => ({ seed, value, standardError }));

describe('a number over seeds and entities', () => {
  it('has the sum of both variances, by hand', () => {
    // Mean 2, deviation 1, seeds' part 1/3; entities' part 0.25; freedom 2 (7/12)² / (1/3)² = 6.125.
    const { mean, deviation, low, high } = overSeeds(seeds([1, 2, 3], 0.5), 0.95);
    expect(mean).toBe(2);
    expect(deviation).toBe(1);
    expect(high! - 2).toBeCloseTo(studentQuantile(0.975, 6.125) * Math.sqrt(7 / 12), 10);
    expect(2 - low!).toBeCloseTo(high! - 2, 12);
  });

  it('is the normal interval over entities where the seeds agree, or where there is one', () => {
    for (const values of [[0.1], [0.1, 0.1, 0.1]]) {
      const { low, high } = overSeeds(seeds(values, 0.02), 0.95);
      expect(low).toBeCloseTo(0.1 - 1.959964 * 0.02, 6);
      expect(high).toBeCloseTo(0.1 + 1.959964 * 0.02, 6);
    }
  });

  it('is the t interval over seeds where entities say nothing', () => {
    const { high } = overSeeds(seeds([1, 2, 3], 0), 0.95);
    expect(high).toBeCloseTo(2 + 4.302653 / Math.sqrt(3), 5);
  });

  it('has no interval where a seed has none', () => {
    const estimates = [...seeds([1, 2], 0.1), { seed: 9, value: 3, standardError: null }];
    expect(overSeeds(estimates, 0.95)).toMatchObject({ mean: 2, low: null, high: null });
  });

  it('is never narrower than either part', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2, maxLength: 6 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, error) => {
          const width = (se: number): number => {
            const { low, high } = overSeeds(seeds(values, se), 0.95);
            return high! - low!;
          };
          expect(width(error)).toBeGreaterThanOrEqual(2 * 1.9599 * error - 1e-12);
        },
      ),
    );
  });

  it('covers the truth in about 95 of 100 experiments of five seeds', () => {
    const stream = randomStream(1, 'coverage of seeds');
    let covered = 0;
    const experiments = 2000;
    for (let e = 0; e < experiments; e++) {
      // What the drawn entities do is the same for all seeds; what a seed does is its own.
      const entities = 0.02 * stream.normal();
      const values = Array.from({ length: 5 }, () => entities + 0.03 * stream.normal());
      const { low, high } = overSeeds(seeds(values, 0.02), 0.95);
      if (low! <= 0 && 0 <= high!) covered++;
    }
    expect(covered / experiments).toBeGreaterThan(0.935);
    expect(covered / experiments).toBeLessThan(0.985);
  });
});
