// What a model is given for a raw number, by the SQL that prep, scoring and refreshing share: numbers by hand.
import { expect, it } from 'vitest';
import { openDatabase } from '../../src/database/database.js';
import { encodedNumber } from '../../src/prepared/encode-number.js';
import type { FeatureSpec } from '../../src/prepared/manifest.js';

async function encoded(spec: FeatureSpec, values: readonly string[]): Promise<readonly unknown[]> {
  const database = await openDatabase({ memoryLimitMb: 64, threads: 1 });
  try {
    const rows = values.map((value, n) => `(${n}, CAST(${value} AS DOUBLE))`).join(', ');
    const found = await database.rows(
      `SELECT ${encodedNumber(spec, 'x')} AS y FROM (VALUES ${rows}) AS t(n, x) ORDER BY n`,
    );
    return found.map((row) => row['y']);
  } finally {
    database.close();
  }
}

const numeric = (transform: { log: boolean; mean: number; deviation: number; missing: 0 }) =>
  ({ name: 'x', side: 'event', kind: 'numeric', transform }) as const;

it('a number is moved and scaled; a missing one is 0', async () => {
  const spec = numeric({ log: false, mean: 2, deviation: 4, missing: 0 });
  expect(await encoded(spec, ['10', '2', '-2', 'NULL'])).toEqual([2, 0, -1, 0]);
});

it('with log it is the logarithm of its size, with its sign', async () => {
  const spec = numeric({ log: true, mean: 0, deviation: 1, missing: 0 });
  const e = String(Math.E - 1);
  expect(await encoded(spec, [e, `-${e}`, '0', 'NULL'])).toEqual([1, -1, 0, 0]);
});

it('a bucket is 1 and the number of edges below; a missing number is in bucket 0', async () => {
  const spec = { name: 'x', side: 'event', kind: 'categorical', size: 5, edges: [1, 2, 5] } as const;
  expect(await encoded(spec, ['0', '1', '1.5', '2', '5', '5.1', 'NULL'])).toEqual([1, 1, 2, 2, 3, 4, 0]);
});
