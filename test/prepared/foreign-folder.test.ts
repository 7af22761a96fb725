// A prepared folder that another program wrote from the documentation (test/fixtures/make/prepared_folder.py), and what is
// said of folders that are not what they claim.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashFile } from '../../src/hash.js';
import { openPrepared } from '../../src/prepared/open.js';
import { allEvents, sideFeatures, userErrors } from '../prep/prep-harness.js';

const FOREIGN = resolve(import.meta.dirname, '../fixtures/prepared');

test('is read like our own', async () => {
  const dataset = await openPrepared(FOREIGN);
  expect(dataset.shardCount).toBe(2);
  const events = await allEvents(dataset);
  expect(events.map(({ entity, item, ms, label, split }) => [entity, item, ms, label, split])).toEqual([
    ['ann', 'x', 1000, 1, 'train'],
    ['ann', 'y', 2000, 0, 'train'],
    ['ann', 'z', 3000, 1, 'valid'],
    ['bob', 'x', 1500, 0, 'train'],
    ['cem', 'y', 1200, 1, 'train'],
    ['cem', 'z', 2 ** 41, 0, 'test'],
  ]);
  expect(events.map(({ features }) => features)).toEqual([
    { device: 'phone', tags: ['new', 'hot'], price: -0.5 },
    { device: 'desk', tags: [], price: 0.5 },
    { device: '', tags: ['hot'], price: 2.25 },
    { device: 'phone', tags: ['new'], price: 0 },
    { device: 'desk', tags: ['hot', 'new'], price: 1 },
    { device: '', tags: [], price: -1.5 },
  ]);
  expect(await sideFeatures(dataset, 'entity')).toEqual({
    '': { age: 0 },
    ann: { age: -1 },
    bob: { age: 1 },
    cem: { age: 0 },
  });
  expect((await sideFeatures(dataset, 'item'))['y']).toEqual({ genre: 'comedy' });
  const { train, valid, test: tested } = await dataset.itemCounts();
  expect([[...train], [...valid], [...tested]]).toEqual([
    [0, 2, 2, 0],
    [0, 0, 0, 1],
    [0, 0, 0, 1],
  ]);
  const shard = await dataset.shard(0);
  expect([[...shard.entities], [...shard.offsets]]).toEqual([
    [1, 2],
    [0, 3, 4],
  ]);
});

test('of version 1 gives its words, and no raw numbers: they are not in it', async () => {
  const dataset = await openPrepared(FOREIGN);
  expect(dataset.manifest.version).toBe(1);
  const events = await dataset.raw({ shard: 0 }, ['device', 'tags']);
  expect(events.get('device')!.values).toEqual(['phone', 'desk', '', 'phone']);
  expect(events.get('tags')!.values).toEqual([['new', 'hot'], [], ['hot'], ['new']]);
  expect((await dataset.raw('item', ['genre'])).get('genre')!.values).toEqual(['', 'drama', 'comedy', '']);
  for (const [of, name] of [
    ['entity', 'age'],
    [{ shard: 0 }, 'price'],
  ] as const)
    expect(await userErrors(dataset.raw(of, [name]))).toMatchObject([
      { code: 'PREPARED_NO_RAW', where: expect.stringContaining(`› ${name}`) },
    ]);
});

describe('a folder that is not what it claims', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'limaml-foreign-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** A copy whose manifest went through `change`. */
  async function changed(change: (manifest: Record<string, unknown>) => unknown): Promise<string> {
    const path = await mkdtemp(join(folder, 'copy-'));
    await cp(FOREIGN, path, { recursive: true });
    const manifest = JSON.parse(await readFile(join(path, 'manifest.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    await writeFile(join(path, 'manifest.json'), JSON.stringify(change(manifest)));
    return path;
  }
  const readAll = async (path: string): Promise<void> => {
    const dataset = await openPrepared(path);
    await sideFeatures(dataset, 'entity');
    await allEvents(dataset);
  };
  const code = async (path: string): Promise<string | undefined> =>
    (await userErrors(readAll(path)))[0]?.code;

  test('by its manifest', async () => {
    const changes: readonly (readonly [string, (manifest: Record<string, unknown>) => unknown])[] = [
      ['PREPARED_VERSION', () => null],
      ['PREPARED_VERSION', () => []],
      ['PREPARED_VERSION', (manifest) => ({ ...manifest, version: 3 })],
      ['PREPARED_VERSION', (manifest) => ({ ...manifest, format: 'other' })],
      ['PREPARED_DAMAGED', (manifest) => ({ ...manifest, files: undefined })],
      ['PREPARED_DAMAGED', (manifest) => ({ ...manifest, shards: 3 })],
      ['PREPARED_DAMAGED', (manifest) => ({ ...manifest, features: undefined })],
      ['PREPARED_DAMAGED', (manifest) => ({ ...manifest, entities: 'three' })],
      ['PREPARED_DAMAGED', (manifest) => ({ ...manifest, entities: 4 })],
      [
        'PREPARED_DAMAGED',
        ({ shards, ...manifest }) => {
          const [first, ...others] = shards as readonly { rows: number }[];
          return { ...manifest, shards: [{ ...first!, rows: 3 }, ...others] };
        },
      ],
      [
        'PREPARED_DAMAGED',
        ({ features, ...manifest }) => {
          const [first, ...others] = features as readonly { side: string }[];
          return { ...manifest, features: [{ ...first!, side: 'event' }, ...others] };
        },
      ],
    ];
    for (const [expected, change] of changes)
      expect([change.toString(), await code(await changed(change))]).toEqual([change.toString(), expected]);
  });

  test('by its files: missing, changed, and a manifest cut short', async () => {
    const missing = await changed((manifest) => manifest);
    await rm(join(missing, 'items.parquet'));
    expect(await code(missing)).toBe('PREPARED_DAMAGED');
    const other = await changed((manifest) => manifest);
    const path = join(other, 'events/part-00001.parquet');
    const bytes = await readFile(path);
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(path, bytes);
    const [error] = await userErrors(openPrepared(other));
    expect(error).toMatchObject({ code: 'PREPARED_DAMAGED', where: path });
    expect(error?.what).toContain((await hashFile(path)).slice(0, 12));
    const cut = await changed((manifest) => manifest);
    const text = await readFile(join(cut, 'manifest.json'), 'utf8');
    await writeFile(join(cut, 'manifest.json'), text.slice(0, 200));
    expect(await code(cut)).toBe('PREPARED_DAMAGED');
    expect(await code(folder)).toBe('PREPARED_NOT_FOUND');
  });
});
