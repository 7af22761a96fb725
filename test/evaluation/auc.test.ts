// Order-based metrics: properties that hold for any labels and scores, and small numbers by hand.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auc, groupAucs } from '../../src/evaluation/metrics/auc.js';
import { rankingAtK } from '../../src/evaluation/metrics/entity-ranking.js';
import { ascendingOrder } from '../../src/evaluation/rows/ascending-order.js';
import { groupRanking, rankRows } from '../../src/evaluation/rows/ranked-rows.js';
import { floats, labels } from './arrays.js';

/** Rows with both labels, and scores from a small set so that ties abound. */
const tiedRows = fc
  .array(fc.record({ y: fc.constantFrom(0, 1), s: fc.integer({ min: -6, max: 6 }) }), {
    minLength: 2,
    maxLength: 60,
  })
  .filter((rows) => rows.some(({ y }) => y === 1) && rows.some(({ y }) => y === 0));
const split = (rows: readonly { y: number; s: number }[]) => ({
  y: labels(rows.map(({ y }) => y)),
  s: floats(rows.map(({ s }) => s)),
});

describe('ascendingOrder', () => {
  it('is a stable sort of any doubles', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(0, -0, 1, -1))), (values) => {
        const { order, sorted } = ascendingOrder(floats(values));
        const expected = values.map((_, row) => row).sort((a, b) => values[a]! - values[b]! || a - b);
        // Infinity − Infinity is NaN, which sorts as equal: compare by < instead where that can happen.
        if (values.every(Number.isFinite)) expect([...order]).toEqual(expected);
        expect([...sorted]).toEqual([...order].map((row) => values[row]! + 0));
        for (let i = 1; i < sorted.length; i++) expect(sorted[i]!).toBeGreaterThanOrEqual(sorted[i - 1]!);
      }),
    );
  });
  it('orders the smallest and the largest doubles', () => {
    const values = [
      5e-324,
      -5e-324,
      0,
      -Infinity,
      Number.MAX_VALUE,
      Infinity,
      -Number.MAX_VALUE,
      2.2e-308,
      1,
    ];
    expect([...ascendingOrder(floats(values)).sorted]).toEqual([...values].sort((a, b) => (a < b ? -1 : 1)));
  });
  it('refuses NaN', () => expect(() => ascendingOrder(floats([1, Number.NaN]))).toThrow(/row 1.*NaN/));
});

describe('auc', () => {
  it('is 3 of 4 pairs, and a tie is half a pair', () => {
    expect(auc(labels([0, 0, 1, 1]), floats([0.1, 0.4, 0.35, 0.8])).value).toBe(0.75);
    expect(auc(labels([0, 1, 1]), floats([0.5, 0.5, 0.7])).value).toBe(0.75);
  });
  it('has no value, and says why, where a class is missing', () => {
    expect(auc(labels([1, 1]), floats([0.1, 0.2]))).toEqual({ value: null, reason: 'every label is 1' });
    expect(auc(labels([0]), floats([0.1]))).toEqual({ value: null, reason: 'every label is 0' });
    expect(auc(labels([]), floats([]))).toEqual({ value: null, reason: 'no rows' });
  });
  it('is the share of pairs won, ties half, by brute force', () => {
    fc.assert(
      fc.property(tiedRows, (rows) => {
        let pairs = 0;
        let won = 0;
        for (const p of rows.filter(({ y }) => y === 1))
          for (const n of rows.filter(({ y }) => y === 0)) {
            pairs++;
            won += p.s > n.s ? 1 : p.s === n.s ? 0.5 : 0;
          }
        const { y, s } = split(rows);
        expect(auc(y, s).value).toBe(won / pairs);
      }),
    );
  });
  it('flips with the labels, and with the sign of the scores', () => {
    fc.assert(
      fc.property(tiedRows, (rows) => {
        const { y, s } = split(rows);
        const value = auc(y, s).value!;
        expect(
          auc(
            y.map((label) => 1 - label),
            s,
          ).value!,
        ).toBeCloseTo(1 - value, 14);
        expect(
          auc(
            y,
            s.map((score) => -score),
          ).value!,
        ).toBeCloseTo(1 - value, 14);
      }),
    );
  });
  it('does not change under a rising transform or another order of rows', () => {
    fc.assert(
      fc.property(tiedRows, fc.integer(), (rows, shift) => {
        const { y, s } = split(rows);
        const value = auc(y, s).value;
        expect(
          auc(
            y,
            s.map((score) => Math.exp(score / 3) - 7),
          ).value,
        ).toBe(value);
        const turn = Math.abs(shift) % rows.length;
        const turned = split([...rows.slice(turn), ...rows.slice(0, turn)].reverse());
        expect(auc(turned.y, turned.s).value).toBe(value);
      }),
    );
  });
});

describe('inside entities', () => {
  it('groupAucs is auc entity by entity', () => {
    fc.assert(
      fc.property(
        tiedRows,
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 60, maxLength: 60 }),
        (rows, of) => {
          const { y, s } = split(rows);
          const unit = Int32Array.from(rows, (_, row) => of[row]!);
          const aucs = groupAucs(groupRanking(rankRows(y, s, unit), 5));
          for (let u = 0; u < 5; u++) {
            const own = split(rows.filter((_, row) => of[row] === u));
            expect(aucs[u]).toBe(auc(own.y, own.s).value ?? Number.NaN);
          }
        },
      ),
    );
  });
  it('precision, recall and nDCG by hand, a tie across the cut shared', () => {
    // By falling score: 1 | 0 1 tied | 0. At k = 2: 1 certain hit, half of one more.
    const ranked = rankRows(labels([0, 1, 1, 0]), floats([0.5, 0.5, 0.9, 0.1]), new Int32Array(4));
    const { precision, recall, ndcg } = rankingAtK(groupRanking(ranked, 1), 2);
    expect(precision[0]).toBe(0.75);
    expect(recall[0]).toBe(0.75);
    const second = 1 / Math.log2(3);
    expect(ndcg[0]).toBeCloseTo((1 + second / 2) / (1 + second), 14);
  });
  it('leaves out entities for which no order could matter', () => {
    const ranked = rankRows(
      labels([1, 1, 0, 1]),
      floats([0.2, 0.1, 0.3, 0.4]),
      Int32Array.from([0, 0, 1, 1]),
    );
    const { precision, ndcg } = rankingAtK(groupRanking(ranked, 2), 2);
    expect([...precision]).toEqual([Number.NaN, Number.NaN]); // one label only; no more rows than k
    expect([...ndcg]).toEqual([Number.NaN, 1]);
  });
});
