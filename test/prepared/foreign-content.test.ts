// Prepared folders of another program (test/fixtures/make/prepared_tastes.py) held to the format, row by row.
import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { UserError } from '../../src/errors.js';
import { hashFile } from '../../src/hash.js';
import { openPrepared } from '../../src/prepared/open.js';
import { checkContent } from '../../src/prepared/verify/check-content.js';
import { type ProgressEvent, silent } from '../../src/progress.js';
import { type Folder, plain, prep, temporaryFolder, userErrors } from '../prep/prep-harness.js';

const TASTES = resolve(import.meta.dirname, '../fixtures/prepared-tastes');
const FIRST = 'events/part-00000.parquet';
const SECOND = 'events/part-00001.parquet';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limaml-content-'));
});
afterAll(() => rm(folder, { recursive: true }));

type Manifest = Record<string, unknown> & { files: Record<string, string> };

/** A copy in which `file` holds what `select` makes of it (`FROM old`), and the manifest went through `change`. */
async function rewritten(
  file: string | undefined,
  select: string,
  change: (manifest: Manifest) => object = (manifest) => manifest,
): Promise<string> {
  const path = await mkdtemp(join(folder, 'copy-'));
  await cp(TASTES, path, { recursive: true });
  const manifest = JSON.parse(await readFile(join(path, 'manifest.json'), 'utf8')) as Manifest;
  if (file !== undefined) {
    const [from, to] = [join(path, `${file}.old`), join(path, file)];
    await rename(to, from);
    const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
    await connection.run(
      `CREATE VIEW old AS SELECT * EXCLUDE (file_row_number), file_row_number AS n FROM read_parquet('${from}', file_row_number = true)`,
    );
    await connection.run(`COPY (${select}) TO '${to}' (FORMAT parquet)`);
    connection.closeSync();
    manifest.files[file] = await hashFile(to);
  }
  await writeFile(join(path, 'manifest.json'), JSON.stringify(change(manifest)));
  return path;
}

const check = async (path: string): Promise<void> =>
  checkContent(path, (await openPrepared(path)).manifest, silent);

const replace = (columns: string, where = 'true'): string =>
  `SELECT * EXCLUDE (n) REPLACE (${columns}) FROM old WHERE ${where} ORDER BY n`;
const inRow = (row: number, column: string, value: string): string =>
  replace(
    `CAST(CASE n WHEN ${row} THEN ${value} ELSE ${column} END AS ${TYPES[column] ?? 'INTEGER'}) AS ${column}`,
  );
const TYPES: Readonly<Record<string, string>> = {
  timestamp_ms: 'BIGINT',
  label: 'UTINYINT',
  split: 'UTINYINT',
  age: 'FLOAT',
  value: 'VARCHAR',
};

test('the folder of another program is what it should be', async () => {
  await check(TASTES);
});

test('and so is one of ours', async () => {
  const own: Folder = await temporaryFolder();
  const rows = Array.from(
    { length: 60 },
    (_, n) =>
      `u${n % 4},i${n % 7},${n * 60},${Number(n % 3 > 1)},${'abc'[n % 3]},${n % 5 ? n : ''},x|y${n % 6}\n`,
  );
  await own.write('events.csv', `user,item,time,label,kind,price,tags\n${rows.join('')}`);
  const features = [
    { name: 'kind', side: 'event', kind: 'categorical' },
    { name: 'price', side: 'event', kind: 'numeric', buckets: 4 },
    { name: 'raw_price', column: 'price', side: 'event', kind: 'numeric' },
    { name: 'tags', side: 'event', kind: 'multi' },
    { name: 'first_kind', column: 'kind', side: 'item', kind: 'categorical', from: 'events' },
  ] as const;
  for (const split of [{ kind: 'global-time' }, { kind: 'entity-holdout', test: 0.3, valid: 0.3 }] as const) {
    const { dataset } = await prep(own, plain({ features: [...features], split }));
    await checkContent(dataset.path, dataset.manifest, silent);
  }
  await own.remove();
});

// Entity 1's rows are 0 to 19: train to row 11, valid to 15, then test.
const BROKEN: readonly (readonly [title: string, file: string, select: string, RegExp])[] = [
  ['no such column', FIRST, 'SELECT * EXCLUDE (n, item) FROM old', /There is no column "item" \(INT32\)/],
  [
    'a column of another type',
    FIRST,
    replace('CAST(label AS BIGINT) AS label'),
    /"label" is INT64, not UINT8/,
  ],
  ['a NULL', FIRST, inRow(3, 'item', 'NULL'), /^Row 3, counted from 0, has no "item" \(NULL\)\.$/],
  ['an unknown entity', SECOND, inRow(299, 'entity', '41'), /Row 299.*entity outside 1 to 40/],
  [
    'an unknown item',
    FIRST,
    replace('CAST(0 AS INTEGER) AS item', 'true'),
    /500 rows, the first of them row 0.*outside 1 to 12/,
  ],
  ['a label of 2', FIRST, inRow(7, 'label', '2'), /Row 7.*neither 0 nor 1/],
  ['a split of 4', FIRST, inRow(19, 'split', '4'), /Row 19.*none of 0 train/],
  ['a feature beyond its vocabulary', FIRST, inRow(5, 'device', '3'), /Row 5.*"device" outside 0 to 2/],
  [
    'entities in disorder',
    FIRST,
    'SELECT * EXCLUDE (n) FROM old ORDER BY entity DESC, n',
    /lower entity than the row before/,
  ],
  ['times in disorder', FIRST, inRow(6, 'timestamp_ms', '0'), /Row 6.*sorted by timestamp_ms/],
  ['a train row after valid ones', FIRST, inRow(14, 'split', '0'), /Row 14.*earlier split/],
  [
    'a valid row at the time of a train row',
    FIRST,
    replace('CASE n WHEN 12 THEN lag(timestamp_ms) OVER (ORDER BY n) ELSE timestamp_ms END AS timestamp_ms'),
    /Row 12.*strictly later/,
  ],
  ['support of an entity that is trained on', FIRST, inRow(2, 'split', '3'), /row 2,.*held out/],
  [
    'too few rows',
    FIRST,
    'SELECT * EXCLUDE (n) FROM old WHERE n < 499 ORDER BY n',
    /holds 499 rows, the manifest says 500/,
  ],
  [
    'one history in two shards',
    SECOND,
    replace('CASE WHEN n < 20 THEN 25 ELSE entity END AS entity'),
    /begins with entity 25, but shards before it go up to 25/,
  ],
  ['indexes in disorder', 'items.parquet', inRow(4, '"index"', '5'), /Row 4.*index other than its place/],
  ['an unknown that has events', 'items.parquet', inRow(0, 'train', '1'), /Row 0.*is the unknown/],
  [
    'a feature that is no number',
    'entities.parquet',
    inRow(9, 'age', "'nan'"),
    /Row 9.*"age" that is no finite number/,
  ],
  [
    'two entities of one name',
    'entities.parquet',
    inRow(9, 'value', "'m1'"),
    /only 40 different values in 41 rows/,
  ],
  [
    'counts that are not those of the events',
    'items.parquet',
    inRow(2, 'train', '0'),
    /1 rows, the first of them index 2, count other events/,
  ],
  [
    'a word too few',
    'vocabularies/genre.parquet',
    'SELECT * EXCLUDE (n) FROM old WHERE n < 2 ORDER BY n',
    /holds 2 rows, not 3/,
  ],
];

test.each(BROKEN)('%s is found and named', async (_title, file, select, what) => {
  const errors: readonly UserError[] = await userErrors(check(await rewritten(file, select)));
  expect(errors.map((error) => error.code)).toEqual(errors.map(() => 'PREPARED_INVALID'));
  const found = errors.find((error) => what.test(error.what));
  expect(found?.where, errors.map((error) => error.what).join('\n')).toContain(file);
});

test('they are 21', () => {
  expect(BROKEN).toHaveLength(21);
});

test('a cut that is declared to overlap is only warned of', async () => {
  const reported: ProgressEvent[] = [];
  const path = await rewritten(FIRST, inRow(14, 'split', '0'), (manifest) => ({
    ...manifest,
    descriptor: { split: { kind: 'given', overlap: 'warn' } },
  }));
  const { manifest } = await openPrepared(path);
  const errors = await userErrors(checkContent(path, manifest, (event) => reported.push(event)));
  // What is left to find are the counts of the row that changed sides.
  expect(errors.map(({ what }) => what)).not.toContainEqual(expect.stringMatching(/earlier split/));
  expect(reported.filter(({ kind }) => kind === 'warning')).toMatchObject([{ code: 'LEAK_ORDER' }]);
});

test('summaries must be those of the events', async () => {
  const path = await rewritten(undefined, '', (manifest) => {
    const splits = manifest['splits'] as Record<string, Record<string, number>>;
    return { ...manifest, splits: { ...splits, test: { ...splits['test'], labelRate: 0.1, toMs: 5 } } };
  });
  const errors = await userErrors(check(path));
  expect(errors.map(({ what }) => what)).toEqual([
    expect.stringMatching(/^test\.labelRate is 0\.1, but the shards give 0\.\d+\.$/),
    expect.stringMatching(/^test\.toMs is 5, but the shards give 16\d+\.$/),
  ]);
});

test('a manifest that contradicts itself is refused when it is read', async () => {
  const read = async (change: (manifest: Manifest) => object): Promise<string> =>
    (await userErrors(openPrepared(await rewritten(undefined, '', change))))[0]!.what;
  expect(await read((manifest) => ({ ...manifest, rows: 799 }))).toMatch(
    /rows: 799, but the shards hold 800/,
  );
  expect(
    await read(({ files, ...manifest }) => ({ ...manifest, files: { ...files, [FIRST]: undefined } })),
  ).toMatch(/files: "events\/part-00000.parquet" is not listed/);
  expect(await read((manifest) => ({ ...manifest, hash: 'abc' }))).toMatch(/hash: 64 hex digits expected/);
  expect(
    await read((manifest) => {
      const [age, genre, device] = manifest['features'] as { name: string }[];
      return { ...manifest, features: [age, genre, { ...device, name: 'label' }] };
    }),
  ).toMatch(/features\.2: the name "label" is taken by a column of the file/);
});

test('rows of entities or items in another order than that of their indexes are refused when they are read', async () => {
  const dataset = await openPrepared(
    await rewritten('items.parquet', 'SELECT * EXCLUDE (n) FROM old ORDER BY n = 0, n'),
  );
  expect(await userErrors(dataset.itemCounts())).toMatchObject([{ code: 'PREPARED_DAMAGED' }]);
});
