// Tables of a bundle sorted on disk are what they are sorted in memory, to the byte, in whatever pieces they came.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openTableStore, tablesMemoryMb } from '../../src/bundle/store/table-store.js';
import { randomStream } from '../../src/random.js';

const folder = mkdtempSync(join(tmpdir(), 'limaml-sorted-'));
afterAll(() => rmSync(folder, { recursive: true }));

const columns = { entity: 'text', place: 'integer', vector: { vector: 3 } } as const;
/** Memory in MB: for all rows, for few of them, and so little that 150,000 cannot be sorted with it. */
const [PLENTY, LITTLE, TOO_LITTLE] = [640, 24, 8];
let made = 0;

/** Rows put in `parts` calls, with those of an older file whose entities are not among them. */
async function written(
  entities: readonly string[],
  memoryMb: number,
  parts: number,
  older?: string,
): Promise<{ readonly path: string; readonly bytes: Buffer }> {
  const own = join(folder, String(made++));
  mkdirSync(own);
  const store = await openTableStore(own, memoryMb);
  await store.create('rows', columns, ['entity', 'place']);
  for (let part = 0; part < parts; part++) {
    const rows = [...entities.keys()].filter((row) => row % parts === part);
    store.append('rows', rows.length, [
      { kind: 'text', values: rows.map((row) => entities[row]!) },
      { kind: 'number', values: Float64Array.from(rows) },
      { kind: 'vector', values: Float32Array.from(rows.flatMap((row) => [row, row + 1, row + 2])) },
    ]);
  }
  const path = join(own, 'rows.parquet');
  await store.write('rows', path, older === undefined ? undefined : { path: older, without: 'rows' });
  await store.close();
  return { path, bytes: readFileSync(path) };
}

const stream = randomStream(1, 'sorted');
const many = Array.from({ length: 5000 }, () => `m'${stream.integer(300)}`);

it.each([
  ['many rows an entity, quotes in their names', many],
  ['all rows of one entity', new Array<string>(500).fill('same')],
  ['none', []],
])('%s', async (_name, entities) => {
  const whole = await written(entities, PLENTY, 1);
  expect((await written(entities, LITTLE, 1)).bytes.equals(whole.bytes)).toBe(true);
  expect((await written(entities, LITTLE, 7)).bytes.equals(whole.bytes)).toBe(true);
});

it('beside the rows of an older file', async () => {
  const older = await written(many, PLENTY, 1);
  const fresh = many
    .filter((_, row) => row % 9 === 0)
    .map((entity) => (entity > "m'2" ? entity : `n${entity}`));
  const whole = await written(fresh, PLENTY, 1, older.path);
  expect((await written(fresh, LITTLE, 3, older.path)).bytes.equals(whole.bytes)).toBe(true);
});

it('with more rows than a row group has, and than memory holds', async () => {
  const rows = Array.from({ length: 150_000 }, (_, row) => `e${(row * 7919) % 150_000}`);
  const whole = await written(rows, PLENTY, 1);
  expect((await written(rows, LITTLE, 5)).bytes.equals(whole.bytes)).toBe(true);
  expect((await written(rows, TOO_LITTLE, 5)).bytes.equals(whole.bytes)).toBe(true);
  await expect(written(rows, 1, 5)).rejects.toThrow(/memory/i);
});

it('of wide vectors may hold four row groups of them, of others 640 MB', () => {
  expect([64, 128, 512, 1024].map((numbers) => tablesMemoryMb(4 * numbers))).toEqual([640, 640, 960, 1920]);
});
