// One small log in every layout that prep reads: the events must come out the same.
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../src/database/database.js';
import { quoted } from '../../src/database/sql.js';
import {
  allEvents,
  type Folder,
  plain,
  prep,
  type RawDescriptor,
  sideFeatures,
  temporaryFolder,
} from './prep-harness.js';

let folder: Folder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

const ROWS = [
  ['ann', 'Crème brûlée', '1000', '1', 'a|b'],
  ['bob', 'x "y", z', '2000', '0', 'b'],
  ['ann', 'plain', '3000', '1', ''],
  ['ann', 'x "y", z', '4000', '0', 'c|a'],
] as const;
const NAMES = ['user', 'item', 'time', 'label', 'tags'];

const descriptor = (events: Partial<NonNullable<RawDescriptor['events']>>) =>
  plain({
    events: { files: 'events.csv', ...events },
    features: [{ name: 'tags', side: 'event', kind: 'multi' }],
    split: { kind: 'per-entity-time', test: 0.3, valid: 0.3 },
  });

async function seen(input: RawDescriptor) {
  const { dataset } = await prep(folder, input);
  return (await allEvents(dataset)).map(({ entity, item, ms, label, features }) => [
    entity,
    item,
    ms / 1000,
    label,
    features['tags'],
  ]);
}

// ann's last event is test: its tag c is in no training row.
const EXPECTED = [
  ['ann', 'Crème brûlée', 1000, 1, ['a', 'b']],
  ['ann', 'plain', 3000, 1, []],
  ['ann', 'x "y", z', 4000, 0, ['a']],
  ['bob', 'x "y", z', 2000, 0, ['b']],
];

const inQuotes = (field: string): string => `"${field.replaceAll('"', '""')}"`;
const csv = (delimiter = ',', end = '\n'): string =>
  [NAMES, ...ROWS].map((row) => row.map(inQuotes).join(delimiter) + end).join('');

test('quoted CSV with a byte-order mark and CRLF', async () => {
  await folder.write('events.csv', `\ufeff${csv(',', '\r\n')}`);
  expect(await seen(descriptor({}))).toEqual(EXPECTED);
});

test('a delimiter of several characters, without quotes or header, in Latin-1', async () => {
  const body = ROWS.map((row) => `${row.join('::')}\n`).join('');
  await folder.write('events.csv', Buffer.from(body, 'latin1'));
  const dialect = { delimiter: '::', quote: 'none', header: false, encoding: 'latin-1' } as const;
  expect(await seen(descriptor({ ...dialect, columns: NAMES as [string, ...string[]] }))).toEqual(EXPECTED);
});

test('tabs, escapes by backslash, and no line end at the end', async () => {
  const body = [NAMES, ...ROWS]
    .map((row) => row.map((field) => `"${field.replaceAll('"', '\\"')}"`).join('\t'))
    .join('\n');
  await folder.write('events.csv', body);
  expect(await seen(descriptor({ delimiter: '\t', escape: '\\' }))).toEqual(EXPECTED);
});

test('gzip, and many files by glob in the order of their names', async () => {
  const lines = csv().split('\n');
  await folder.write('log/part-2.csv.gz', gzipSync(`${[lines[0], lines[3], lines[4]].join('\n')}\n`));
  await folder.write('log/part-1.csv.gz', gzipSync(`${lines.slice(0, 3).join('\n')}\n`));
  await folder.write('log/readme.txt', 'not a part');
  const { dataset } = await prep(folder, descriptor({ files: 'log/part-*.csv.gz' }));
  expect(dataset.manifest.sources.map((source) => source.file)).toEqual([
    'log/part-1.csv.gz',
    'log/part-2.csv.gz',
  ]);
  expect(await seen(descriptor({ files: 'log/part-*.csv.gz' }))).toEqual(EXPECTED);
});

test('zstd, Parquet and Parquet with lists', async () => {
  await folder.write('events.csv', csv());
  const database = await openDatabase({ memoryLimitMb: 128, threads: 1 });
  const read = `read_csv(${quoted(`${folder.path}/events.csv`)}, all_varchar = true)`;
  const copy = (select: string, file: string, options: string) =>
    database.run(`COPY (${select}) TO ${quoted(`${folder.path}/${file}`)} (${options})`);
  await copy(`FROM ${read}`, 'events.csv.zst', 'FORMAT csv, HEADER, COMPRESSION zstd');
  const typed = `SELECT "user", item, CAST(time AS BIGINT) AS time, label = '1' AS label`;
  await copy(`${typed}, tags FROM ${read}`, 'events.parquet', 'FORMAT parquet');
  await copy(`${typed}, string_split(tags, '|') AS tags FROM ${read}`, 'lists.parquet', 'FORMAT parquet');
  const times = `SELECT * REPLACE (make_timestamp(CAST(time AS BIGINT) * 1000000) AS time) FROM ${read}`;
  await copy(times, 'times.parquet', 'FORMAT parquet');
  database.close();
  expect(await seen(descriptor({ files: 'events.csv.zst' }))).toEqual(EXPECTED);
  expect(await seen(descriptor({ files: 'events.parquet', format: 'parquet' }))).toEqual(EXPECTED);
  expect(await seen(descriptor({ files: 'lists.parquet', format: 'parquet' }))).toEqual(EXPECTED);
  const iso = descriptor({ files: 'times.parquet', format: 'parquet' });
  iso.columns = { ...plain().columns!, timestamp: { column: 'time', unit: 'iso' } };
  expect(await seen(iso)).toEqual(EXPECTED);
});

test('JSON lines with numbers, booleans, lists and keys in any order', async () => {
  const lines = ROWS.map(([user, item, time, label, tags], index) =>
    JSON.stringify(
      index === 0
        ? { tags: tags.split('|'), user, item, time: Number(time), label: label === '1' }
        : { item, time, user, label: Number(label), tags: tags === '' ? null : tags, extra: { deep: [1] } },
    ),
  );
  await folder.write('events.jsonl', `${lines.join('\n')}\n\n`);
  expect(await seen(descriptor({ files: 'events.jsonl', format: 'jsonl' }))).toEqual(EXPECTED);
});

test('mixed line ends and blank lines, which the fast reader refuses', async () => {
  const lines = csv().trimEnd().split('\n');
  await folder.write('events.csv', `${lines[0]}\r\n${lines[1]}\n\n${lines[2]}\r\n${lines[3]}\n${lines[4]}`);
  expect(await seen(descriptor({}))).toEqual(EXPECTED);
});

test('texts that mean "no value", flags as columns, first value of a column, several keys', async () => {
  await folder.write(
    'events.csv',
    'user,surface,item,time,label,model\na,mail,y,1,1,m3\na,home,x,1,0,m1\na,home,y,2,1,m2\n',
  );
  await folder.write('items.csv', 'id,Action,Drama,size\nx,1,0,\\N\ny,1,1,7\ny,0,0,9\n');
  const { dataset } = await prep(
    folder,
    plain({
      columns: { ...plain().columns!, entity: ['user', 'surface'] },
      tables: {
        items: { files: 'items.csv', key: 'id', on: 'item', missing: ['', '\\N'], duplicates: 'first' },
      },
      features: [
        { name: 'genres', side: 'item', kind: 'multi', flags: ['Action', 'Drama'] },
        { name: 'size', side: 'item', kind: 'numeric', standardise: false },
        { name: 'model', side: 'entity', kind: 'categorical', from: 'events' },
      ],
    }),
  );
  expect(await dataset.vocabulary('entity')).toEqual(['', 'a|home', 'a|mail']);
  expect((await sideFeatures(dataset, 'entity'))['a|home']).toEqual({ model: 'm1' });
  expect(await sideFeatures(dataset, 'item')).toEqual({
    '': { genres: [], size: 0 },
    x: { genres: ['Action'], size: 0 },
    y: { genres: ['Action', 'Drama'], size: 7 },
  });
});

test('flags are set by 1, 1.0 and true, however spelled; a filter looks at what is left without white space', async () => {
  const rows = ['x, 1 ,0,keep', 'y,1.0,True, keep ', 'z,false,0.0,keep', 'w,1,1,drop', 'v,1,1,'];
  await folder.write(
    'events.csv',
    `user,item,time,label,hot,new,state\n${rows.map((row, n) => `a,${row.replace(',', `,${n},${n % 2},`)}\n`).join('')}`,
  );
  const flags = {
    name: 'flags',
    side: 'event',
    kind: 'multi',
    flags: ['hot', 'new'] as [string, string],
  } as const;
  const kept = { files: 'events.csv', where: [{ column: 'state', in: ['keep'] as [string] }] };
  const { dataset, result } = await prep(
    folder,
    plain({
      events: kept,
      features: [flags],
      split: { kind: 'global-time', validFrom: 8e12, testFrom: 9e12 },
    }),
  );
  expect((await allEvents(dataset)).map(({ item, features }) => [item, features['flags']])).toEqual([
    ['x', ['hot']],
    ['y', ['hot', 'new']],
    ['z', []],
  ]);
  expect(result.dropped).toEqual({ 'rows filtered by state': 2 });
});
