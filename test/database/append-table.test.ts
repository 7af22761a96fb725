// Numbers in blocks into a table and out of it: NULL for none, and nothing is rounded or cut in silence.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/database/database.js';
import { readRaw } from '../../src/prepared/read-raw.js';

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ memoryLimitMb: 64, threads: 1 });
});
afterAll(() => database.close());

const COLUMNS = { n: 'number', i: 'integer', t: 'milliseconds' } as const;

it('come back as they went in, over more than a chunk', async () => {
  const table = await database.createTable('kept', COLUMNS);
  const rows = 5000;
  const n = new Float64Array(rows).map((_, row) => (row % 7 === 3 ? Number.NaN : row / 3));
  const i = new Float64Array(rows).map((_, row) => (row % 64 === 63 ? Number.NaN : row - 2500));
  const t = new Float64Array(rows).map((_, row) => (row === 2048 ? Number.NaN : 1.6e12 + row));
  table.append(rows, [n, i, t]);
  table.close();
  const read = { n: [] as number[], i: [] as number[], t: [] as number[] };
  for await (const { columns } of readRaw(database, 'SELECT * FROM kept', {
    n: 'number',
    i: 'number',
    t: 'number',
  }))
    for (const name of ['n', 'i', 't'] as const)
      read[name].push(...(columns.get(name)!.values as Float64Array));
  expect(read).toEqual({ n: [...n], i: [...i], t: [...t] });
  const { nulls } = await database.numbers('SELECT count(*) AS nulls FROM kept WHERE i IS NULL');
  expect(nulls).toBe(78);
});

it.each([
  ['past 32 bits', [1, 2 ** 31, 1]],
  ['no integer', [1, 0.5, 1]],
  ['no whole milliseconds', [1, 1, 0.5]],
])('are refused: %s', async (name, row) => {
  const table = await database.createTable(name, COLUMNS);
  expect(() =>
    table.append(
      1,
      row.map((value) => Float64Array.of(value)),
    ),
  ).toThrow(/integer/);
  table.close();
});
