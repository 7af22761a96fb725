// `prep seal`: all that breaks the format is named, by file, column and row.
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealPrepared } from '../../src/prepared/seal/seal.js';
import { silent } from '../../src/progress.js';
import { userErrors } from '../prep/prep-harness.js';
import { DRAFT, type Files, SCATTERED, unsealed } from './unsealed-folder.js';

let base: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'limaml-seal-faults-'));
});
afterAll(() => rm(base, { recursive: true }));

const seal = (folder: string) =>
  sealPrepared({ folder, outDirectory: join(base, 'sealed'), memoryLimitMb: 256, progress: silent });

/** The scattered folder with one file more: rows that break something. */
const FIRST = 'SELECT entity, item, timestamp_ms, label, split, device FROM events WHERE entity = 1 LIMIT 4';
const broken = (columns: string): Files => ({
  ...SCATTERED,
  'events/zz.parquet':
    `SELECT * REPLACE (${columns}) FROM (SELECT *, row_number() OVER () - 1 AS n FROM (${FIRST}))`.replace(
      'SELECT * REPLACE',
      'SELECT * EXCLUDE (n) REPLACE',
    ),
});
const inRow2 = (column: string, value: string): Files =>
  broken(`CASE n WHEN 2 THEN ${value} ELSE ${column} END AS ${column}`);

const FAULTS: readonly (readonly [title: string, files: Files, where: string, what: RegExp])[] = [
  [
    'an item that no 32 bits hold',
    inRow2('item', '5000000000'),
    'events/zz.parquet',
    /^Row 2, counted from 0, has a "item" that 32 bits/,
  ],
  ['a missing item', inRow2('item', 'NULL'), 'events/zz.parquet', /^Row 2.*has no "item" \(NULL\)/],
  ['an item beyond the table', inRow2('item', '13'), 'events/zz.parquet', /^Row 2.*item outside 1 to 12/],
  ['a label of 2', inRow2('label', '2'), 'events/zz.parquet', /^Row 2.*"label" that is neither 0 nor 1/],
  [
    'a split of its own',
    broken("CASE n WHEN 2 THEN 'dev' ELSE 'train' END AS split"),
    'events/zz.parquet',
    /^Row 2.*"split" that is none of/,
  ],
  [
    'times finer than milliseconds',
    broken('make_timestamp(timestamp_ms * 1000 + CASE n WHEN 2 THEN 1 ELSE 0 END) AS timestamp_ms'),
    'events/zz.parquet',
    /^Row 2.*"timestamp_ms" that is no whole number/,
  ],
  [
    'a feature beyond its vocabulary',
    inRow2('device', '3'),
    'events/zz.parquet',
    /^Row 2.*"device" outside 0 to 2/,
  ],
  [
    'a feature of another type',
    broken("'phone' AS device"),
    'events/zz.parquet',
    /^Column "device" is VARCHAR, not an integer\.$/,
  ],
  [
    'no such column',
    { ...SCATTERED, 'events/zz.parquet': 'SELECT entity, item FROM events' },
    'events/zz.parquet',
    /There is no column "timestamp_ms"/,
  ],
  [
    'a training row after valid ones',
    inRow2('timestamp_ms', '1600000000000 + 86400000 * 15'),
    'events/split=valid/x.parquet',
    /rows, the first of them row \d+ of this file.*not strictly later/,
  ],
  [
    'support of one who is trained on',
    inRow2('split', '3'),
    'events/zz.parquet',
    /^Row 2 of this file.*is support/,
  ],
  [
    'an index twice',
    {
      ...SCATTERED,
      'items.parquet': `SELECT * FROM (${SCATTERED['items.parquet']}) UNION ALL SELECT CAST(12 AS UBIGINT), 'new', 1`,
    },
    'items.parquet',
    /^Row 12 of this file.*an index that another row has/,
  ],
  [
    'a gap',
    { ...SCATTERED, 'items.parquet': `SELECT * FROM (${SCATTERED['items.parquet']}) WHERE "index" <> 3` },
    'items.parquet',
    /an index beyond 11/,
  ],
  [
    'a value twice',
    { ...SCATTERED, 'entities/c.parquet': `SELECT 41 AS "index", 'm7' AS value, 3 AS age` },
    'entities/c.parquet',
    /^Row 0 of this file.*a value that another row has/,
  ],
  [
    'no value',
    { ...SCATTERED, 'entities/c.parquet': `SELECT 41 AS "index", '' AS value, 3 AS age` },
    'entities/c.parquet',
    /^Row 0.*has no "value"/,
  ],
  [
    'a number that is none',
    {
      ...SCATTERED,
      'entities/c.parquet': `SELECT 41 AS "index", 'm41' AS value, CAST('nan' AS DOUBLE) AS age`,
    },
    'entities/c.parquet',
    /^Row 0.*"age" that is no finite number/,
  ],
  [
    'a number of too many digits',
    { ...SCATTERED, 'entities/c.parquet': `SELECT 41 AS "index", 'm41' AS value, 9007199254740993 AS age` },
    'entities/c.parquet',
    /^Row 0.*"age" with more digits/,
  ],
  [
    'an unknown with a feature',
    {
      ...SCATTERED,
      'items.parquet': `SELECT CAST("index" AS INTEGER) AS "index", value, 1 AS genre FROM items`,
    },
    'items.parquet',
    /^Row 0.*is the unknown, whose features/,
  ],
  [
    'a word that is not that of its index',
    {
      ...SCATTERED,
      'items.parquet': `SELECT "index", value, genre, CASE "index" WHEN 5 THEN 'drama' ELSE "raw.genre" END AS "raw.genre" FROM items ORDER BY "index"`,
    },
    'items.parquet',
    /"genre" that is not the index of its "raw.genre"/,
  ],
  [
    'an index below 0',
    { ...SCATTERED, 'vocabularies/device.parquet': `SELECT -1 AS "index", 'x' AS value` },
    'vocabularies/device.parquet',
    /^Row 0.*below 0/,
  ],
  [
    'a vocabulary of another size',
    { ...SCATTERED, 'vocabularies/device.parquet': `SELECT 1 AS "index", 'x' AS value` },
    'vocabularies/device',
    /holds 1 words.*says 3/,
  ],
];

describe('what breaks the format', () => {
  it.each(FAULTS)('%s is told of with file, column and row', async (_, files, where, what) => {
    const folder = await unsealed(base, files);
    const faults = await userErrors(seal(folder));
    const found = faults.find((fault) => fault.where === join(folder, where) && what.test(fault.what));
    expect(found ?? faults.map((fault) => `${fault.where}: ${fault.what}`)).toMatchObject({
      code: 'PREPARED_INVALID',
    });
  });

  it('leaves nothing behind', async () => {
    expect(await readdir(join(base, 'sealed'))).toEqual([]);
  });

  it.each([
    ['neither draft nor manifest', undefined, /neither draft.json nor manifest.json/],
    ['an unknown key', { ...DRAFT, feature: [] }, /[Uu]nrecognized key.*feature/],
    [
      'a feature without a side',
      { dataset: 'x', features: [{ name: 'a', kind: 'categorical' }] },
      /features.0.side/,
    ],
    [
      'a feature twice',
      { dataset: 'x', features: [DRAFT.features[1], DRAFT.features[1]] },
      /two features "genre"/,
    ],
    ['a name that is a path', { ...DRAFT, dataset: '../x' }, /dataset: letters/],
  ])('a draft: %s', async (_, draft, what) => {
    const folder = await unsealed(base, SCATTERED, draft);
    if (draft === undefined) await rm(join(folder, 'draft.json'), { force: true });
    expect(await userErrors(seal(folder))).toMatchObject([
      { code: 'SEAL_DRAFT', what: expect.stringMatching(what) },
    ]);
  });

  it('a draft that is no JSON, and a manifest of version 1', async () => {
    const folder = await unsealed(base, SCATTERED);
    await writeFile(join(folder, 'draft.json'), '{');
    expect(await userErrors(seal(folder))).toMatchObject([
      { code: 'SEAL_DRAFT', what: expect.stringContaining('no JSON') },
    ]);
    await rm(join(folder, 'draft.json'));
    await writeFile(join(folder, 'manifest.json'), JSON.stringify({ ...DRAFT, version: 1 }));
    expect(await userErrors(seal(folder))).toMatchObject([
      { code: 'SEAL_DRAFT', what: expect.stringContaining('version 2') },
    ]);
  });

  it('files that are missing, no Parquet, or there twice', async () => {
    const folder = await unsealed(base, SCATTERED);
    await writeFile(join(folder, 'events/test/more.csv'), 'a\n');
    await writeFile(join(folder, 'events/test/_SUCCESS'), '');
    expect(await userErrors(seal(folder))).toMatchObject([
      { code: 'SEAL_FILES', where: join(folder, 'events/test/more.csv') },
    ]);
    await rm(join(folder, 'events'), { recursive: true });
    expect(await userErrors(seal(folder))).toMatchObject([
      { code: 'SEAL_FILES', what: expect.stringContaining('neither') },
    ]);
    await mkdir(join(folder, 'events'));
    expect(await userErrors(seal(folder))).toMatchObject([
      { code: 'SEAL_FILES', what: expect.stringContaining('no Parquet files') },
    ]);
    await writeFile(join(folder, 'events/a.parquet'), 'PAR0');
    expect(await userErrors(seal(folder))).toMatchObject([
      { code: 'PREPARED_INVALID', what: expect.stringContaining('cannot be read') },
    ]);
    await cp(join(folder, 'items.parquet'), join(folder, 'items/x.parquet'));
    expect(await userErrors(seal(folder))).toMatchObject([
      { code: 'SEAL_FILES', what: expect.stringContaining('which of the two') },
    ]);
  });
});
