// Tables of a bundle sorted in pieces are what they are sorted at once, to the byte.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openTableStore } from '../../src/bundle/store/table-store.js';
import { randomStream } from '../../src/random.js';

const folder = mkdtempSync(join(tmpdir(), 'limaml-sorted-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function written(name: string, entities: readonly string[], atOnce: number): Promise<Buffer> {
  const own = join(folder, name);
  mkdirSync(own);
  const store = await openTableStore(own, atOnce);
  await store.create('rows', { entity: 'text', place: 'integer', vector: { vector: 3 } });
  store.append('rows', entities.length, [
    { kind: 'text', values: entities },
    { kind: 'number', values: Float64Array.from(entities.keys()) },
    { kind: 'vector', values: Float32Array.from({ length: 3 * entities.length }, (_, i) => i) },
  ]);
  await store.writeSorted(join(own, 'rows.parquet'), 'SELECT * FROM rows', 'entity, place');
  await store.close();
  return readFileSync(join(own, 'rows.parquet'));
}

it('with entities of many rows, quotes in their names, and all rows of one entity', async () => {
  const stream = randomStream(1, 'sorted');
  const many = Array.from({ length: 5000 }, () => `m'${stream.integer(300)}`);
  for (const [name, entities] of [
    ['many', many],
    ['one', new Array<string>(500).fill('same')],
    ['none', []],
  ] as const)
    expect(
      (await written(`${name}-pieces`, entities, 100)).equals(await written(`${name}-whole`, entities, 1e6)),
    ).toBe(true);
});
