// The AUC of one column, in SQL, against the plain definition.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/database/database.js';
import { rankAuc } from '../../src/onboard/sniff/rank-auc.js';
import { halfOf, singleColumnAuc } from '../../src/prep/invariants/single-column-auc.js';

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ memoryLimitMb: 256, threads: 1 });
});
afterAll(() => database.close());

type Row = readonly [value: string | null, clicks: number, rest: number];

const labelled = (rows: readonly Row[]) => ({
  relation: `(SELECT *, ${halfOf('id')} AS half FROM (VALUES ${rows
    .map(
      ([value, clicks, rest], id) => `(${value === null ? 'NULL' : `'${value}'`}, ${clicks}, ${rest}, ${id})`,
    )
    .join(', ')}) t(value, clicks, rest, id))`,
  rows: rows.length,
});

interface Recorded {
  readonly label: readonly number[];
  readonly columns: Readonly<
    Record<
      string,
      {
        readonly numeric: boolean;
        readonly values: readonly (string | number | null)[];
        readonly auc: number;
      }
    >
  >;
}
const recorded = JSON.parse(
  readFileSync(new URL('../fixtures/prep/column-auc.json', import.meta.url), 'utf8'),
) as Recorded;

describe('as scikit-learn has it', () => {
  it('covers every rule', () =>
    expect(Object.keys(recorded.columns)).toEqual(['price', 'session', 'code', 'colour', 'outcome']));

  it.each(Object.entries(recorded.columns))('%s', async (name, { numeric, values, auc }) => {
    const rows = values.map((value, at): Row => {
      const click = recorded.label[at]!;
      return [value === null ? null : String(value), click, 1 - click];
    });
    const present = values.filter((value) => value !== null);
    const facts = { numeric, distinct: new Set(present).size, present: present.length };
    expect(await singleColumnAuc(database, labelled(rows), facts)).toBeCloseTo(auc, 9);
    // What a number of many values shares with its like is no order, and no leak of it.
    if (name === 'session') expect(auc).toBeLessThan(0.6);
  });

  it('few clicks say nothing of the rates of values', async () => {
    const rows = Array.from(
      { length: 300 },
      (_, at): Row => [at < 5 ? 'won' : 'lost', at < 5 ? 1 : 0, at < 5 ? 0 : 1],
    );
    const facts = { numeric: false, distinct: 2, present: 300 };
    expect(await singleColumnAuc(database, labelled(rows), facts)).toBeNull();
  });
});

describe('singleColumnAuc', () => {
  // More distinct values than half the rows: only the order of numbers is judged.
  const numbers = { numeric: true, distinct: 9, present: 10 };

  it('orders numbers, missing ones lowest, in the better direction', async () => {
    // Click at 1 and at nothing, others at 2, 3 and 3: the low half are clicks, so the direction turns around.
    const rows: Row[] = [
      ['1', 1, 0],
      [null, 1, 0],
      ['2', 0, 1],
      ['3', 0, 1],
      ['3', 0, 1],
    ];
    expect(await singleColumnAuc(database, labelled(rows), numbers)).toBe(1);
    // Numbers, not texts: 10 lies above 9.
    const texts: Row[] = [
      ['9', 0, 1],
      ['10', 1, 0],
    ];
    expect(await singleColumnAuc(database, labelled(texts), numbers)).toBe(1);
  });

  it('counts every exposure of a row', async () => {
    // One row of two clicks and one rest at 5, one row of three rests at 1: pairs 2 × (3 below + 1 tied / 2) of 2 × 4.
    const rows: Row[] = [
      ['5', 2, 1],
      ['1', 0, 3],
    ];
    expect(await singleColumnAuc(database, labelled(rows), numbers)).toBeCloseTo(3.5 / 4, 12);
  });

  it('is null for one class, and for an id that is no number', async () => {
    expect(await singleColumnAuc(database, labelled([['1', 1, 0]]), numbers)).toBeNull();
    const ids = { numeric: false, distinct: 10, present: 10 };
    expect(await singleColumnAuc(database, labelled([['a', 1, 0]]), ids)).toBeNull();
  });

  it('finds a category that gives the label away, and nothing in one that does not', async () => {
    const leak: Row[] = Array.from({ length: 200 }, (_, id) =>
      id % 3 === 0 ? ['won', 1, 0] : ['lost', 0, 1],
    );
    const kinds = { numeric: false, distinct: 2, present: 200 };
    expect(await singleColumnAuc(database, labelled(leak), kinds)).toBe(1);
    const noise: Row[] = Array.from({ length: 4000 }, (_, id) => [
      `v${(id * 7919) % 50}`,
      (id * 104_729) % 7 < 3 ? 1 : 0,
      (id * 104_729) % 7 < 3 ? 0 : 1,
    ]);
    const auc = await singleColumnAuc(database, labelled(noise), {
      numeric: false,
      distinct: 50,
      present: 4000,
    });
    expect(auc).toBeLessThan(0.54);
  });

  it('equals the plain definition for any numbers', async () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 0, max: 1 })), {
      minLength: 2,
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(rows, async (pairs) => {
        const plain = rankAuc(
          pairs.map(([value]) => value),
          pairs.map(([, click]) => click),
        );
        const cells = pairs.map(([value, click]): Row => [String(value), click, 1 - click]);
        const found = await singleColumnAuc(database, labelled(cells), numbers);
        if (Number.isNaN(plain)) expect(found).toBeNull();
        else expect(found).toBeCloseTo(Math.max(plain, 1 - plain), 12);
      }),
      { numRuns: 40 },
    );
  });
});
