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

it('leave nothing of one chunk in the next: texts, lists, bytes and vectors, in two calls', async () => {
  const table = await database.createTable('others', { s: 'text', l: 'texts', b: 'bytes', v: { vector: 3 } });
  const rows = 3001;
  const text = (row: number): string | null =>
    row % 5 === 2 ? null : `a text too long to lie in its place, ${row}`;
  const list = (row: number): string[] => Array.from({ length: row % 4 }, (_, at) => `${row}.${at}`);
  const bytes = (row: number): Uint8Array => Uint8Array.of(row & 255, row >> 8);
  for (const from of [0, rows]) {
    const at =
      <T>(of: (row: number) => T) =>
      (row: number): T =>
        of(from + row);
    const vectors = new Float32Array(rows * 3).map((_, place) => from * 3 + place);
    table.append(rows, [at(text), at(list), at(bytes), vectors]);
  }
  table.close();
  const wrong = await database.numbers(`
    WITH kept AS (SELECT *, rowid AS r FROM others)
    SELECT count(*) AS rows, count(*) FILTER (WHERE (s IS NULL) <> (r % 5 = 2)) AS nulls,
      count(*) FILTER (WHERE s <> 'a text too long to lie in its place, ' || r) AS texts,
      count(*) FILTER (WHERE l <> [r || '.' || one FOR one IN range(r % 4)]) AS lists,
      count(*) FILTER (WHERE hex(b) <> printf('%02X%02X', r % 256, r // 256)) AS bytes,
      count(*) FILTER (WHERE v <> [3 * r, 3 * r + 1, 3 * r + 2]::FLOAT[3]) AS vectors FROM kept`);
  expect(wrong).toEqual({ rows: 2 * rows, nulls: 0, texts: 0, lists: 0, bytes: 0, vectors: 0 });
});
