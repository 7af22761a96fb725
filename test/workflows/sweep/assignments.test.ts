// What a sweep tries: the recipe first, no two alike, within the ranges, fixed by the seed and independent of the other keys.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignments, rangesOf } from '../../../src/workflows/sweep/assignments.js';

const random = { method: 'random', trials: 6, seed: 1 } as const;

describe('assignments', () => {
  it('begin with the recipe as it stands', () => {
    expect(assignments({}, 'limaml', random)).toEqual([{}]);
    expect(assignments({ 'training.rate': [0.1, 0.2] }, 'limaml', random)[0]).toEqual({});
  });

  it('of a grid are all combinations, the last key fastest', () => {
    const space = { a: [1, 2], 'b.c': ['x', 'y'] };
    expect(assignments(space, 'deep', { ...random, method: 'grid' })).toEqual([
      {},
      { a: 1, 'b.c': 'x' },
      { a: 1, 'b.c': 'y' },
      { a: 2, 'b.c': 'x' },
      { a: 2, 'b.c': 'y' },
    ]);
  });

  it('of a grid that is too large are a choice that the seed fixes', () => {
    const space = { a: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] };
    const drawn = (seed: number) => assignments(space, 'deep', { method: 'grid', trials: 4, seed });
    expect(drawn(1)).toHaveLength(4);
    expect(drawn(1)).toEqual(drawn(1));
    expect(new Set([1, 2, 3, 4].map((seed) => JSON.stringify(drawn(seed)))).size).toBeGreaterThan(1);
  });

  it('end where the space is used up', () => {
    expect(assignments({ a: [1, 2] }, 'deep', { ...random, trials: 50 })).toHaveLength(3);
  });

  it('draw each key from a stream of its own', () => {
    const alone = assignments({ a: { uniform: [0, 1] } }, 'deep', random);
    const together = assignments({ b: { log: [1, 100] }, a: { uniform: [0, 1] } }, 'deep', random);
    expect(together.map(({ a }) => a)).toEqual(alone.map(({ a }) => a));
    expect(alone).not.toEqual(assignments({ a: { uniform: [0, 1] } }, 'limaml', random));
  });

  it('lie within their ranges, and no two are alike', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1000 }),
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 1e-6, max: 1, noNaN: true }),
        (seed, trials, low) => {
          const space = {
            u: { uniform: [-low, low] as [number, number] },
            l: { log: [low, 100 * low] as [number, number] },
            i: { int: [3, 7] as [number, number] },
          };
          const found = assignments(space, 'm', { method: 'random', trials, seed });
          expect(found).toHaveLength(trials);
          expect(new Set(found.map((one) => JSON.stringify(one))).size).toBe(trials);
          for (const { u, l, i } of found.slice(1) as { u: number; l: number; i: number }[]) {
            expect(Math.abs(u)).toBeLessThanOrEqual(low);
            expect(l).toBeGreaterThanOrEqual(low);
            expect(l).toBeLessThanOrEqual(100 * low);
            expect([3, 4, 5, 6, 7]).toContain(i);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('spread evenly over the decades of a logarithmic range', () => {
    const drawn = assignments({ l: { log: [0.001, 10] } }, 'm', { ...random, trials: 401 }).slice(1);
    const decades = [0, 0, 0, 0];
    for (const { l } of drawn as { l: number }[]) decades[Math.min(3, Math.floor(Math.log10(l) + 3))]!++;
    for (const count of decades) expect(count).toBeGreaterThan(70);
  });

  it('cannot enumerate a range', () => {
    expect(rangesOf({ a: [1], b: { log: [1, 2] }, c: { int: [1, 2] } })).toEqual(['b', 'c']);
  });
});
