// Statistics, buckets and vocabularies come from training rows: nothing in a later row can move what a model is given.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allEvents, type Folder, plain, prep, sideFeatures, temporaryFolder } from './prep-harness.js';

let folder: Folder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const descriptor = plain({
  tables: { items: { files: 'items.csv', key: 'id', on: 'item' } },
  features: [
    { name: 'plain', side: 'event', kind: 'numeric', column: 'price' },
    { name: 'log', side: 'event', kind: 'numeric', column: 'price', log: true },
    { name: 'bucket', side: 'event', kind: 'numeric', column: 'price', buckets: 4 },
    { name: 'word', side: 'event', kind: 'categorical', minCount: 2 },
    { name: 'tags', side: 'event', kind: 'multi' },
    { name: 'size', side: 'item', kind: 'numeric' },
  ],
  split: { kind: 'global-time', validFrom: 100_000, testFrom: 200_000 },
});

interface Part {
  readonly prices: readonly number[];
  readonly words: readonly string[];
}

/** Ten training rows, and later rows with values and items of their own. */
async function write(train: Part, later: Part, sizes: Readonly<Record<string, number>>): Promise<void> {
  const line = (item: string, time: number, { prices, words }: Part, n: number): string =>
    `u${n % 3},${item},${time},${n % 2},${prices[n % prices.length]},${words[n % words.length]},${words[n % words.length]}|all\n`;
  const body = [
    ...Array.from({ length: 10 }, (_, n) => line(`i${n % 4}`, n, train, n)),
    ...Array.from({ length: 6 }, (_, n) => line(`late${n % 3}`, 100 + n * 30, later, n)),
  ];
  await folder.write('events.csv', `user,item,time,label,price,word,tags\n${body.join('')}`);
  const table = Object.entries(sizes).map(([id, size]) => `${id},${size}\n`);
  await folder.write('items.csv', `id,size\n${table.join('')}`);
}

const prices = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 10, maxLength: 10 });
const words = fc.array(fc.constantFrom('p', 'q', 'r'), { minLength: 10, maxLength: 10 });

test('whatever the later rows hold, training rows and figures stay as they are', async () => {
  await fc.assert(
    fc.asyncProperty(prices, words, async (numbers, texts) => {
      const train = { prices: numbers, words: texts };
      const seen = async (later: Part, lateSize: number) => {
        await write(train, later, { i0: 1, i1: 2, i2: 3, i3: 6, late0: lateSize, late1: -lateSize });
        const { dataset } = await prep(folder, descriptor);
        const events = await allEvents(dataset);
        const items = await sideFeatures(dataset, 'item');
        return {
          features: dataset.manifest.features,
          train: events.filter(({ split }) => split === 'train'),
          words: await dataset.vocabulary('word'),
          tags: await dataset.vocabulary('tags'),
          sizes: ['i0', 'i1', 'i2', 'i3'].map((item) => items[item]),
        };
      };
      const quiet = await seen({ prices: [1, 2, 3], words: ['p'] }, 1);
      const loud = await seen({ prices: [1e9, -1e12, 3e7], words: ['new', 'newer'] }, 1e9);
      expect(loud).toEqual(quiet);
      expect(quiet.train).toHaveLength(10);
    }),
    { seed: 1, numRuns: 3 },
  );
});

test('figures by hand', async () => {
  // Prices 0, 2, 4, …, 18: mean 9, deviation √33. Quartiles by rank: 4, 8, 14.
  const train = {
    prices: Array.from({ length: 10 }, (_, n) => 2 * n),
    words: ['p', 'q', 'q', 'p', 'q', 'q', 'q', 'q', 'q', 'r'],
  };
  await write(train, { prices: [100], words: ['r'] }, { i0: 1, i1: 2, i2: 3, i3: 6, late0: 50 });
  const { dataset } = await prep(folder, descriptor);
  const spec = (name: string) => dataset.manifest.features.find((feature) => feature.name === name);
  expect(spec('plain')).toMatchObject({
    transform: { log: false, mean: 9, deviation: 5.744563, missing: 0 },
  });
  const logs = train.prices.map(Math.log1p);
  const mean = logs.reduce((sum, value) => sum + value, 0) / 10;
  const deviation = Math.sqrt(logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 10);
  const rounded = (value: number) => Number(value.toPrecision(7));
  expect(spec('log')).toMatchObject({
    transform: { log: true, mean: rounded(mean), deviation: rounded(deviation) },
  });
  expect(spec('bucket')).toMatchObject({ kind: 'categorical', size: 5, edges: [4, 8, 14] });
  // r occurs once in training rows and later again: one is too few.
  expect(await dataset.vocabulary('word')).toEqual(['', 'p', 'q']);
  expect(await dataset.vocabulary('tags')).toEqual(['', 'all', 'p', 'q', 'r']);
  // Sizes 1, 2, 3, 6 of the items met in training: mean 3, deviation √3.5.
  expect(spec('size')).toMatchObject({ transform: { mean: 3, deviation: 1.870829 } });
  const items = await sideFeatures(dataset, 'item');
  expect(items['late0']!['size']).toBeCloseTo(47 / 1.870829, 4);
  expect(items['late1']!['size']).toBe(0);
  const last = (await allEvents(dataset)).filter(({ split }) => split === 'test')[0]!;
  expect(last.features).toMatchObject({ bucket: 'bucket 4', word: '', tags: ['r', 'all'] });
  expect(last.features['plain']).toBeCloseTo((100 - 9) / 5.744563, 5);
});
