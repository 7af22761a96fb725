// Support policies against histories worked by hand.
import { describe, expect, it } from 'vitest';
import { SPLIT } from '../../src/prepared/format.js';
import {
  before,
  type History,
  labelsOfAnyone,
  lastN,
  lastTime,
  ofSplits,
  shuffled,
  staleBy,
  supportPolicy,
} from '../../src/scoring/support.js';

const { train, valid, test, support } = SPLIT;

/** Rows 10 to 16 of a shard: two at second 3, the last three to be scored. */
const history: History = {
  entity: 4,
  rows: Int32Array.of(10, 11, 12, 13, 14, 15, 16),
  shard: {
    timestampMs: Float64Array.of(...new Array(10).fill(0), 1, 2, 3, 3, 5, 8, 9),
    split: Uint8Array.of(...new Array(10).fill(0), train, support, train, valid, test, test, test),
    label: Float32Array.of(...new Array(10).fill(0), 1, 0, 1, 1, 0, 1, 0),
  },
};

describe('a source', () => {
  it('takes the rows of some splits, in time order', () => {
    expect([...ofSplits([train])(history, 5)]).toEqual([10, 12]);
    expect([...ofSplits([train, valid, support])(history, 5)]).toEqual([10, 11, 12, 13]);
    expect([...ofSplits([])(history, 5)]).toEqual([]);
  });

  it('takes whatever came before an instant, strictly, whatever its split', () => {
    const at = (ms: number, delay?: number): number[] => [...before(delay)(history, ms)];
    expect([at(1), at(3), at(4), at(9), at(100)]).toEqual([
      [],
      [10, 11],
      [10, 11, 12, 13],
      [10, 11, 12, 13, 14, 15],
      [...history.rows],
    ]);
    // With a delay of 2, at second 5 nothing of second 3 or later has reached us.
    expect([at(5, 2), at(5, 1.5), at(Number.POSITIVE_INFINITY)]).toEqual([
      [10, 11],
      [10, 11, 12, 13],
      [...history.rows],
    ]);
  });
});

describe('a policy', () => {
  const known = ofSplits([train, valid, support]);

  it('keeps the latest rows, and remembers what was known', () => {
    const found = supportPolicy(known, lastN(3))(history, 5);
    expect([[...found.known], [...found.rows], found.labels]).toEqual([
      [10, 11, 12, 13],
      [11, 12, 13],
      undefined,
    ]);
    expect(lastTime(found.known, history)).toBe(3);
    expect([...supportPolicy(known, lastN(0))(history, 5).rows]).toEqual([]);
    expect([...supportPolicy(known, lastN(99))(history, 5).rows]).toEqual([10, 11, 12, 13]);
  });

  it('takes rows as old as asked, and forgets that there were later ones', () => {
    const found = supportPolicy(known, staleBy(3), lastN(1))(history, 5);
    expect([[...found.known], [...found.rows]]).toEqual([[10, 11], [11]]);
    expect(lastTime(supportPolicy(known, staleBy(9))(history, 5).known, history)).toBeNaN();
  });

  it('shuffles the labels of the rows that are left, by seed and entity, and moves no row', () => {
    const [policy, other] = [1, 2].map((seed) => supportPolicy(known, lastN(4), shuffled(seed)));
    const found = policy!(history, 5);
    expect([...found.rows]).toEqual([10, 11, 12, 13]);
    expect([...found.labels!].sort()).toEqual([0, 1, 1, 1]);
    expect(policy!(history, 5).labels).toEqual(found.labels);
    const drawn = Array.from({ length: 20 }, (_, entity) => [
      policy!({ ...history, entity }, 5).labels!.indexOf(0),
      other!({ ...history, entity }, 5).labels!.indexOf(0),
    ]);
    expect(new Set(drawn.map(([first]) => first)).size).toBe(4);
    expect(drawn.some(([first, second]) => first !== second)).toBe(true);
  });

  it('takes labels of anyone from before the instant, by seed and entity, and moves no row', () => {
    // 40 clicks and 60 others before second 5 in the whole shard; whatever is later is 1 and must never be drawn.
    const label = Float32Array.from({ length: 100 }, (_, i) => (i < 40 ? 1 : 0));
    const shard = {
      timestampMs: Float64Array.from({ length: 150 }, (_, i) => (i < 100 ? i / 25 : 5 + i)),
      split: new Uint8Array(150).fill(train),
      label: Float32Array.from({ length: 150 }, (_, i) => label[i] ?? 1),
    };
    // The entity itself never clicked: what the placebo of members shows is the rate of all, 0.4.
    const rows = Int32Array.from({ length: 60 }, (_, i) => 40 + i);
    const policy = supportPolicy(known, labelsOfAnyone(1));
    const drawn = (entity: number): readonly number[] => [...policy({ entity, shard, rows }, 5).labels!];
    expect([...policy({ entity: 0, shard, rows }, 5).rows]).toEqual([...rows]);
    expect(drawn(0)).toEqual(drawn(0));
    expect(drawn(0)).not.toEqual(drawn(1));
    const all = Array.from({ length: 100 }, (_, entity) => drawn(entity)).flat();
    const rate = all.reduce((sum, value) => sum + value, 0) / all.length;
    // 6,000 draws: four standard errors are 0.025.
    expect(Math.abs(rate - 0.4)).toBeLessThan(0.025);
    // A third of the rows are later than second 5 and would make it 0.6.
    expect(all).toHaveLength(6000);
  });

  it('stops at a row that is not strictly before the instant, though a later step would drop it', () => {
    for (const at of [3, 2])
      expect(() => supportPolicy(known, staleBy(1), lastN(1))(history, at)).toThrow(
        expect.objectContaining({ code: 'LEAK_SUPPORT_NOT_BEFORE_QUERY', where: 'entity index 4' }),
      );
    expect(() => supportPolicy(known)(history, 3.001)).not.toThrow();
  });
});
