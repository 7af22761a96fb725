// Numbers with marks of thousands, decimal commas and currencies; and numbers that no model can hold.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allEvents, type Folder, plain, prep, temporaryFolder, userErrors } from './prep-harness.js';

let folder: Folder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

interface Written {
  readonly decimal?: string;
  readonly thousands?: string;
  readonly currency?: string;
}

const log = (prices: readonly string[]) =>
  folder.write(
    'events.csv',
    `user;item;time;label;price\n${prices.map((price, n) => `a;i${n};${n};${n % 2};${price}\n`).join('')}`,
  );
const descriptor = (written?: Written, standardise = false) =>
  plain({
    events: { files: 'events.csv', delimiter: ';' },
    features: [
      {
        name: 'price',
        side: 'event',
        kind: 'numeric',
        standardise,
        ...(written === undefined ? {} : { written }),
      },
    ],
    split: { kind: 'global-time', validFrom: 8e12, testFrom: 9e12 },
  });

describe('written', () => {
  it.each<[string, readonly string[], Written]>([
    ['a decimal comma', ['1,5', '-12,25', '', '3'], { decimal: ',' }],
    ['thousands with dots', ['1,5', '-1.234.567,25', '', '1234'], { decimal: ',', thousands: '.' }],
    ['thousands with commas', ['1.5', '1,234,567', '12', '+2'], { thousands: ',' }],
    ['a currency before', ['$1.5', '$ 12', '-$3', '4'], { currency: '$' }],
    ['a currency after', ['1.234,50 €', '2 €', '3€', '4'], { decimal: ',', thousands: '.', currency: '€' }],
    ['words', ['EUR 5', '6 EUR', '7', ''], { currency: 'EUR' }],
  ])('%s', async (_, prices, written) => {
    await log(prices);
    const numbers = prices.map((price) => {
      const bare = price.replace(/[^\d.,+-]/g, '').replaceAll(written.thousands ?? '\n', '');
      return bare === '' ? 0 : Math.fround(Number(bare.replace(written.decimal ?? '.', '.')));
    });
    const { dataset } = await prep(folder, descriptor(written));
    expect((await allEvents(dataset)).map(({ features }) => features['price'])).toEqual(numbers);
  });

  it.each<[string, Written | undefined]>([
    ['1.5', { decimal: ',', thousands: '.' }],
    ['1,2345', { thousands: ',' }],
    ['12,34', { thousands: ',' }],
    ['1,5', undefined],
    ['$5', { currency: '€' }],
    ['5 $ 6', { currency: '$' }],
    ['', undefined],
  ])('"%s" is refused rather than read as another number', async (price, written) => {
    await log(['1', price]);
    const work = prep(folder, descriptor(written));
    if (price === '') await work;
    else
      expect((await userErrors(work)).map(({ code, where }) => [code, where])).toEqual([
        ['DATA_BAD_ROW', 'events.csv:3 column "price"'],
      ]);
  });
});

describe('the range', () => {
  it.each(['1.7976931348623157e308', '-1e308', '3.5e38'])(
    '%s is told with line, column and value',
    async (price) => {
      await log(['1', price, '2']);
      const [error] = await userErrors(prep(folder, descriptor()));
      expect(error).toMatchObject({ code: 'DATA_BAD_ROW', where: 'events.csv:3 column "price"' });
      expect(error?.what).toBe(`"${price}" is past the range of 32-bit floats (±3.4e38).`);
    },
  );

  it('the largest float is a number', async () => {
    await log(['1', '3.4028234663852886e38']);
    const { dataset } = await prep(folder, descriptor());
    expect((await allEvents(dataset))[1]?.features['price']).toBeCloseTo(3.4028234663852886e38, -30);
  });

  it('a number that only the deviation carries past it is told with the feature', async () => {
    // Training rows 0, 0.002, 0 and 0.002: mean 0.001, deviation 0.001; the validation row becomes 1e39.
    await log(['0', '0.002', '0', '0.002', '1e36']);
    const far = {
      ...descriptor(undefined, true),
      split: { kind: 'global-time' as const, validFrom: 3500, testFrom: 9e12 },
    };
    expect(await userErrors(prep(folder, far))).toMatchObject([
      { code: 'DATA_NUMBER_RANGE', where: 'features.price', what: expect.stringContaining('1e+36') },
    ]);
  });
});
