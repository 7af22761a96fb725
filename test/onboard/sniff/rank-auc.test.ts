// The AUC of data preparation against its definition.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankAuc } from '../../../src/onboard/sniff/rank-auc.js';

/** The definition itself: share of (click, other) pairs in the right order, ties half. */
function pairwise(score: readonly number[], label: readonly number[]): number {
  let right = 0;
  let pairs = 0;
  for (let a = 0; a < score.length; a++)
    for (let b = 0; b < score.length; b++) {
      if (label[a] !== 1 || label[b] !== 0) continue;
      pairs++;
      right += score[a]! > score[b]! ? 1 : score[a] === score[b] ? 0.5 : 0;
    }
  return right / pairs;
}

describe('rankAuc', () => {
  it('counts pairs by hand', () => {
    // Clicks at 0.9 and 0.5, others at 0.5 and 0.1: pairs 1, 1, 0.5, 1.
    expect(rankAuc([0.9, 0.5, 0.5, 0.1], [1, 1, 0, 0])).toBe(3.5 / 4);
    expect(rankAuc([1, 2, 3], [0, 0, 1])).toBe(1);
    expect(rankAuc([3, 2, 1], [0, 0, 1])).toBe(0);
    expect(rankAuc([7, 7, 7], [0, 1, 1])).toBe(0.5);
  });

  it('is NaN where one class is missing', () => {
    expect(rankAuc([1, 2], [1, 1])).toBeNaN();
    expect(rankAuc([], [])).toBeNaN();
  });

  it('equals the pairwise definition', () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 1 })), {
      minLength: 2,
      maxLength: 40,
    });
    fc.assert(
      fc.property(rows, (pairs) => {
        const score = pairs.map(([value]) => value);
        const label = pairs.map(([, click]) => click);
        const wanted = pairwise(score, label);
        const found = rankAuc(score, label);
        if (Number.isNaN(wanted)) expect(found).toBeNaN();
        else expect(found).toBeCloseTo(wanted, 12);
      }),
    );
  });
});
