// How engines are compared: agreement first, then ratios of rounds taken in the same pass.
import { describe, expect, it } from 'vitest';
import { compareChecks } from '../../bench/compare/agreement.js';
import { pairedRatio, quantile, summarise } from '../../bench/compare/rounds.js';

describe('compareChecks', () => {
  it('names the first number that is off, missing or not finite', () => {
    const { largest, disagreements } = compareChecks(
      [
        { name: 'a', checks: [1, 2, 3] },
        { name: 'close', checks: [1.00005, 2, 3] },
        { name: 'off', checks: [1, 2.1, 3.1] },
        { name: 'short', checks: [1, 2] },
        { name: 'broken', checks: [Number.NaN, 2, 3] },
      ],
      1e-4,
      3,
    );
    expect(disagreements.map(({ name, step }) => [name, step])).toEqual([
      ['off', 1],
      ['short', 2],
      ['broken', 0],
    ]);
    expect(largest).toBeCloseTo(5e-5, 10);
  });
});

describe('compareChecks of long outputs', () => {
  const of = (off: Record<number, number>): number[] => Array.from({ length: 200 }, (_, i) => off[i] ?? 1);
  const compare = (off: Record<number, number>) =>
    compareChecks(
      [
        { name: 'a', checks: of({}) },
        { name: 'b', checks: of(off) },
      ],
      1e-4,
      200,
      0.005,
    );

  it('lets one number of two hundred part, says so, and no two, and none that is no number', () => {
    expect(compare({ 7: 2 })).toEqual({ largest: 0, parted: 1, disagreements: [] });
    expect(compare({ 7: 2, 8: 2 }).disagreements.map(({ step }) => step)).toEqual([7]);
    expect(compare({ 7: Number.NaN }).disagreements.length).toBe(1);
  });
});

describe('rounds', () => {
  const rounds = (...ms: number[]): ReturnType<typeof summarise> =>
    summarise(ms.map((value) => ({ msPerStep: [value, value], cpu: 0.5, others: 1 })));

  it('take quantiles between neighbours', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([4, 1, 3, 2], 0.25)).toBe(1.75);
    expect(quantile([], 0.5)).toBeNaN();
  });

  it('pair rounds of one pass, so that a slow pass of the machine cancels', () => {
    const ours = rounds(10, 100, 10);
    const theirs = rounds(20, 200, 30);
    expect(pairedRatio(theirs, ours)).toEqual({ median: 2, firstQuartile: 2, thirdQuartile: 2.5 });
    expect(ours.medianMs).toBe(10);
    expect(ours.cpuMs).toBe(5);
  });

  it('share what is done once for many steps among them', () => {
    const timed = summarise([{ msPerStep: [1, 1, 1, 5], cpu: 1, others: null }]);
    expect(timed.roundMs).toEqual([2]);
  });
});
