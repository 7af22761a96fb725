// Raw is raw: what the log holds of a feature comes back as it stood, whatever a model is given in its place.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Folder, plain, prep, temporaryFolder, userErrors } from './prep-harness.js';

let folder: Folder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const descriptor = plain({
  tables: { users: { files: 'users.csv', key: 'id', on: 'entity' } },
  features: [
    { name: 'age', side: 'entity', kind: 'numeric' },
    { name: 'income', side: 'entity', kind: 'numeric', log: true },
    { name: 'born', side: 'entity', kind: 'numeric', buckets: 2 },
    { name: 'town', side: 'entity', kind: 'categorical', pattern: '^(\\w+)' },
    { name: 'tags', side: 'entity', kind: 'multi', max: 2 },
    { name: 'price', side: 'event', kind: 'numeric' },
    { name: 'device', side: 'event', kind: 'categorical' },
  ],
  split: { kind: 'global-time', validFrom: 1_600_000_004_000, testFrom: 1_600_000_006_000 },
});

async function write(prices: readonly (number | string)[]): Promise<void> {
  const lines = prices.map(
    (price, n) => `u${n % 4},i${n % 2},${1_600_000_000 + n},${n % 2},${price},${n < 7 ? 'phone' : 'watch'}`,
  );
  await folder.write('events.csv', `user,item,time,label,price,device\n${lines.join('\n')}\n`);
  await folder.write(
    'users.csv',
    'id,age,income,born,town,tags\nu0,66,-12.3,1981,Rio (BR),b|a|b|c\nu1,4.2,0,1990,Oslo,\nu2,,1e6,1985,,a\nu3,35.1,5,1999,Lima,z\n',
  );
}

describe('raw values', () => {
  test('of numbers and words are those of the log', async () => {
    await write([1, 2.5, '', 0.1, 7, 8, 9, 10]);
    const { dataset } = await prep(folder, descriptor);
    expect(await dataset.vocabulary('entity')).toEqual(['', 'u0', 'u1', 'u2', 'u3']);
    const side = await dataset.raw('entity', ['age', 'income', 'born', 'town', 'tags']);
    const of = (name: string) => [...side.get(name)!.values];
    expect(of('age')).toEqual([Number.NaN, 66, 4.2, Number.NaN, 35.1]);
    expect(of('income')).toEqual([Number.NaN, -12.3, 0, 1e6, 5]);
    expect(of('born')).toEqual([Number.NaN, 1981, 1990, 1985, 1999]);
    expect(of('town')).toEqual(['', 'Rio', 'Oslo', '', 'Lima']);
    expect(of('tags')).toEqual([[], ['b', 'a'], [], ['a'], ['z']]);
    // u0's events come first: 1, 7; u1's: 2.5, 8; and so on.
    const events = await dataset.raw({ shard: 0 }, ['price', 'device']);
    expect([...events.get('price')!.values]).toEqual([1, 7, 2.5, 8, Number.NaN, 9, 0.1, 10]);
    // A word of an event that no training row has is missing.
    expect(events.get('device')!.values).toEqual([...new Array<string>(7).fill('phone'), '']);
  });

  test('equal to the mean are not missing, though a model is given the same', async () => {
    await write([1, 3, 2, '', 2, '', 1, 3]);
    const { dataset } = await prep(folder, descriptor);
    const { features } = await dataset.shard(0);
    const price = features.get('price')!;
    expect('values' in price && [...price.values].filter((value) => value === 0)).toHaveLength(4);
    const [raw] = [...(await dataset.raw({ shard: 0 }, ['price'])).values()];
    expect([...raw!.values].filter((value) => Number.isNaN(value))).toHaveLength(2);
  });
});

describe('numbers', () => {
  test('close to each other and far from 0 are kept apart', async () => {
    const prices = [0.1, 0.9, 0.3, 0.7, 0.5, 0.2, 0.6, 0.4].map((part) => 1e9 + part);
    await write(prices);
    const { dataset } = await prep(folder, descriptor);
    const spec = dataset.manifest.features.find(({ name }) => name === 'price')!;
    const { mean, deviation } = (spec as { transform: { mean: number; deviation: number } }).transform;
    // Of the training rows .1 .9 .3 .7: mean .5, deviation √.1.
    expect(mean - 1e9).toBeCloseTo(0.5, 6);
    expect(deviation).toBeCloseTo(Math.sqrt(0.1), 6);
    const price = (await dataset.shard(0)).features.get('price')!;
    const given = 'values' in price ? [...price.values] : [];
    const order = [0, 4, 1, 5, 2, 6, 3, 7];
    order.forEach((place, row) => {
      expect(given[row]).toBeCloseTo((prices[place]! - 1e9 - 0.5) / Math.sqrt(0.1), 5);
    });
    const [raw] = [...(await dataset.raw({ shard: 0 }, ['price'])).values()];
    expect([...raw!.values]).toEqual(order.map((place) => prices[place]));
  });

  test.each(['1.7976931348623157e308', '-1e39', 'Infinity', '1e309'])(
    'that no 32-bit float holds stop prep by line, column and value: %s',
    async (price) => {
      await write([1, 2, price, 4, 5, 6, 7, 8]);
      const [error] = await userErrors(prep(folder, descriptor));
      expect(error).toMatchObject({ code: 'DATA_BAD_ROW', where: 'events.csv:4 column "price"' });
      expect(error!.what).toContain(`"${price}" is `);
    },
  );

  test('whose standardised value no float holds are told', async () => {
    await write([1e-30, 2e-30, 3e-30, 4e-30, 5e-30, 6e-30, 1e30, 1]);
    expect(await userErrors(prep(folder, descriptor))).toMatchObject([
      { code: 'DATA_NUMBER_RANGE', where: 'features.price' },
    ]);
  });
});
