// Values with habits: words for no value, 3.0 for 3, decimal commas, titles with commas, spellings; proposed, said, and read right.
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadRecipe } from '../../../src/config/load-recipe.js';
import { initDescriptor } from '../../../src/onboard/sniff/init-descriptor.js';
import { openPrepared } from '../../../src/prepared/open.js';
import { madeCsv, madeRows, sniffed } from './made-log.js';

const feature = (log: Awaited<ReturnType<typeof sniffed>>, name: string) =>
  log.descriptor.features.find((one) => one.name === name);

describe('words for no value', () => {
  it.each(['NA', 'N/A', 'null', 'None', 'NaN', '\\N'])('%s', async (word) => {
    const log = await sniffed(
      madeCsv((row, n) => ({
        ...row,
        ...(n % 40 === 0 ? { price: word } : {}),
        ...(n % 100 === 0 ? { user_id: word } : {}),
      })),
    );
    expect(feature(log, 'price')).toMatchObject({ kind: 'numeric', missing: [word] });
    expect(log.descriptor.events?.missing).toEqual(['', word]);
    expect(log.reason('entity')).toContain(
      `${JSON.stringify(word).includes('\\\\') ? '"\\N"' : `"${word}"`} in 4 rows`,
    );
    expect(log.reason('feature price')).toContain('in 10 rows');
    // A row of no member is told by line, and becomes no member.
    await expect(log.prepared()).rejects.toThrow('log.csv:2 column "user_id"');
  });
});

it('3.0 is 3, and the entity is found by its name', async () => {
  const log = await sniffed(
    madeCsv((row, n) => ({
      ...row,
      user_id: `${row.user_id.slice(1)}.0`,
      item_id: `${row.item_id.slice(1)}.0`,
      device: ['web', 'ios'][n % 2]!,
    })),
  );
  expect(log.descriptor.columns).toMatchObject({ entity: 'user_id', item: 'item_id', ids: 'whole' });
  const { path } = await log.prepared();
  expect((await (await openPrepared(path)).vocabulary('item')).slice(0, 4)).toEqual(['', '0', '1', '2']);
});

it('ids of JSON past 2^53 stay apart', async () => {
  const rows = Array.from(
    { length: 90 },
    (_, n) =>
      `{"user_id":${9007199254740990n + BigInt(n % 30)},"item_id":"i${n % 9}","timestamp":${1700000000 + n},"click":${n % 2}}`,
  );
  const log = await sniffed(`${rows.join('\n')}\n`, 'log.jsonl');
  expect(log.reason('entity')).toContain('30 different values');
  expect((await log.prepared()).entities).toBe(30);
});

describe('numbers as people write them', () => {
  it.each<[string, (n: number) => string, object | undefined]>([
    ['a decimal comma', (n) => `${n % 90},5`, { decimal: ',' }],
    ['thousands with dots', (n) => `${n % 9}.234,${10 + (n % 80)}`, { decimal: ',', thousands: '.' }],
    ['thousands with commas', (n) => `${1 + (n % 9)},234.${10 + (n % 80)}`, { decimal: '.', thousands: ',' }],
    ['a currency', (n) => `$${n % 90}.50`, { decimal: '.', currency: '$' }],
    ['euros', (n) => `1.${100 + n},50 €`, { decimal: ',', thousands: '.', currency: '€' }],
  ])('%s', async (_, price, wanted) => {
    const log = await sniffed(madeCsv((row, n) => ({ ...row, price: price(n) })));
    expect(feature(log, 'price')).toMatchObject({ kind: 'numeric', written: wanted });
    expect(log.reason('feature price')).toContain('numbers are written like');
    const { path } = await log.prepared();
    expect((await openPrepared(path)).manifest.features.find(({ name }) => name === 'price')).toMatchObject({
      kind: 'numeric',
    });
  });

  it('1,234 that may be either is left to a person', async () => {
    const log = await sniffed(madeCsv((row, n) => ({ ...row, price: `${1 + (n % 9)},${200 + n}` })));
    expect(feature(log, 'price')).toBeUndefined();
    expect(log.reason('feature price')).toContain('which may be two numbers');
  });

  it('a word among them is told, and prep names its line', async () => {
    const log = await sniffed(madeCsv((row, n) => (n === 9 ? { ...row, price: 'free' } : row)));
    expect(log.reason('feature price')).toContain('for example "free"');
    await expect(log.prepared()).rejects.toThrow('log.csv:11 column "price"');
  });
});

it('titles with commas are one value, lists several, spellings are remarked on', async () => {
  const titles = [
    'Matrix, The',
    'Good, the Bad, the Ugly, The',
    'Lion King, The',
    'Heat',
    'Seven',
    'Crouching Tiger, Hidden Dragon',
  ];
  const log = await sniffed(
    madeCsv((row, n) => ({
      ...row,
      title: titles[n % 6]!,
      genres: ['a,b', 'b,c', 'c,a', 'a'][n % 4]!,
      os: ['Android', 'android', 'iOS'][n % 3]!,
    })),
  );
  expect(feature(log, 'title')?.kind).toBe('categorical');
  expect(feature(log, 'genres')).toMatchObject({ kind: 'multi', separator: ',' });
  expect(log.reason('feature os')).toContain('"Android" and "android" are two values');
});

describe('the recipe', () => {
  it('is written beside the descriptor, holds, and is never overwritten', async () => {
    const log = await sniffed(madeCsv());
    expect(log.recipe).toEqual({ path: join(log.cwd, 'experiments/log/experiment.yaml'), written: true });
    const recipe = await loadRecipe({ recipe: 'log', cwd: log.cwd });
    expect(JSON.stringify(recipe)).toContain('"limaml"');
    const text = await readFile(log.recipe.path, 'utf8');
    // How many members come without a past is counted when it is trained.
    expect(text).not.toContain('emptyShare');
    expect(text).toMatch(/widedeep: \{\}\n {2}deep: \{\}/);
    await writeFile(log.recipe.path, 'mine');
    const again = await initDescriptor({
      file: 'log.csv',
      directory: 'elsewhere',
      cwd: log.cwd,
      name: 'log',
    });
    expect(again.recipe.written).toBe(false);
    expect(again.names.dataset).toBe('elsewhere/log.yaml');
    expect(await readFile(log.recipe.path, 'utf8')).toBe('mine');
  });

  it('is not written where there is no log', async () => {
    const { cwd } = await sniffed(madeCsv());
    await expect(initDescriptor({ file: 'none.csv', directory: 'datasets', cwd })).rejects.toMatchObject({
      code: 'SNIFF_FILE_MISSING',
    });
    await expect(access(join(cwd, 'experiments/none'))).rejects.toThrow();
  });
});

it('3.0 is 3 of the side that has whole numbers', async () => {
  const log = await sniffed(madeCsv((row) => ({ ...row, user_id: `${row['user_id']!.slice(1)}.0` })));
  expect(log.descriptor.columns?.ids).toEqual({ entity: 'whole' });
  expect((await log.prepared()).entities).toBe(30);
});

it('3.0 is 3 in JSON too, where only some are written so', async () => {
  const rows = madeRows().map((row, n) => {
    const id = `${row['user_id']!.slice(1)}${n < 200 ? '.0' : ''}`;
    return `{"user_id":${id},"item_id":"${row['item_id']}","timestamp":${row['timestamp']},"click":${row['click']}}`;
  });
  expect((await (await sniffed(`${rows.join('\n')}\n`, 'log.jsonl')).prepared()).entities).toBe(30);
});
