// Wrong input: named with file, line, column and value; never half a folder.
import { readdir, readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../src/database/database.js';
import { quoted } from '../../src/database/sql.js';
import { descriptorSchema } from '../../src/prep/descriptor/descriptor.js';
import { type Folder, plain, prep, type RawDescriptor, temporaryFolder, userErrors } from './prep-harness.js';

let folder: Folder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

type Label = NonNullable<RawDescriptor['columns']>['label'];

const faults = async (input: RawDescriptor = plain()) =>
  (await userErrors(prep(folder, input))).map(({ code, where, what }) => [code, where, what]);

/** Names in the output folder; a failed prep must leave none. */
const left = () => readdir(`${folder.path}/prepared`).catch(() => []);

test('every bad value of a file with its line, however many columns are wrong', async () => {
  await folder.write(
    'events.csv',
    ['user,item,time,label', 'a,x,1,1', 'a,y,soon,1', 'a,z,3,2', ',x,4,0', 'b,,5,1', 'b,y,6,', ''].join('\n'),
  );
  expect(await faults()).toEqual([
    [
      'DATA_BAD_ROW',
      'events.csv:3 column "time"',
      '"soon" is not a number of seconds since 1970 between the years 1900 and 2200.',
    ],
    ['DATA_BAD_ROW', 'events.csv:4 column "label"', '"2" is not a label (0, 1, true, false).'],
    ['DATA_BAD_ROW', 'events.csv:5 column "user"', 'The empty value is no entity: the value is missing.'],
    ['DATA_BAD_ROW', 'events.csv:6 column "item"', 'The empty value is no item: the value is missing.'],
    ['DATA_BAD_ROW', 'events.csv:7 column "label"', 'The empty value is not a label (0, 1, true, false).'],
  ]);
  expect(await left()).toEqual([]);
});

test('ragged rows, stray quotes and wrong bytes', async () => {
  await folder.write(
    'events.csv',
    Buffer.from(
      'user,item,time,label\na,"x\ny",1,1\na,y,2\na,z,3,1,9\na,"q"q,4,1\na,\xff,5,1\nb,x,6,0\n',
      'latin1',
    ),
  );
  expect(await faults()).toEqual([
    ['DATA_BAD_ROW', 'events.csv:4', '"a,y,2" is a row of 3 fields; the file has 4 columns.'],
    ['DATA_BAD_ROW', 'events.csv:5', '"a,z,3,1,9" is a row of 5 fields; the file has 4 columns.'],
    ['DATA_BAD_ROW', 'events.csv:6', expect.stringContaining('a broken record')],
    ['DATA_BAD_ROW', 'events.csv:7 column "item"', expect.stringContaining('not UTF-8')],
  ]);
});

test('an unclosed quote', async () => {
  await folder.write('events.csv', 'user,item,time,label\na,x,1,1\na,"y,2,1\nb,x,3,0\n');
  const [error] = await faults();
  expect(error).toEqual([
    'DATA_BAD_ROW',
    expect.stringMatching(/^events\.csv:[34]$/),
    expect.stringContaining('Quote Not Closed'),
  ]);
});

test('carriage returns inside a broken row do not break the list of broken rows', async () => {
  await folder.write('events.csv', 'user,item,time,label\na,x,1,1\na,\r,"y,2\r,1\n\u0000\r\n');
  expect((await faults()).map(([code, where]) => [code, where])).toEqual([
    ['DATA_BAD_ROW', 'events.csv:3'],
    ['DATA_BAD_ROW', 'events.csv:4'],
  ]);
});

test('at most 20 are collected, across files', async () => {
  const bad = Array.from({ length: 15 }, (_, row) => `a,x,t${row},1\n`).join('');
  await folder.write('log-1.csv', `user,item,time,label\n${bad}`);
  await folder.write('log-2.csv', `user,item,time,label\n${bad}`);
  const found = await userErrors(prep(folder, plain({ events: { files: 'log-*.csv' } })));
  expect(found).toHaveLength(20);
  expect(`${found[19]!.where}: ${found[19]!.next}`).toMatch(/^log-2.csv:6 column "time": 30 such faults/);
});

test('values outside the declared labels and range', async () => {
  await folder.write('events.csv', 'user,item,time,label\na,x,1,6\na,y,2,good\na,z,3,5\n');
  const columns = plain().columns!;
  const label: Label = { kind: 'threshold', column: 'label', threshold: 4, range: [1, 5] };
  expect(
    (await faults(plain({ columns: { ...columns, label } }))).map(([, where, what]) => [where, what]),
  ).toEqual([
    ['events.csv:2 column "label"', '"6" is not a number from 1 to 5.'],
    ['events.csv:3 column "label"', '"good" is not a number from 1 to 5.'],
  ]);
  const values: Label = { kind: 'values', column: 'label', positive: ['good'], negative: [5] };
  expect((await faults(plain({ columns: { ...columns, label: values } }))).map(([, , what]) => what)).toEqual(
    ['"6" is not one of the declared label values (good, 5).'],
  );
});

test('times in the wrong unit are no times', async () => {
  await folder.write('events.csv', 'user,item,time,label\na,x,1650812741436,1\n');
  expect((await faults())[0]?.[2]).toContain('between the years 1900 and 2200');
});

test('missing files and columns, with the nearest way out', async () => {
  expect((await faults(plain({ source: { url: 'https://example.org/log' } })))[0]?.[0]).toBe(
    'DATA_FILE_MISSING',
  );
  const [missing] = await userErrors(prep(folder, plain({ source: { url: 'https://example.org/log' } })));
  expect(missing?.next).toContain('https://example.org/log');
  await folder.write('events.csv', 'user,item,when,label\na,x,1,1\n');
  expect(await faults()).toEqual([
    [
      'DATA_MISSING_COLUMN',
      'events.csv:1',
      'There is no column "time"; the file has user, item, when, label.',
    ],
  ]);
  await folder.write('events.csv', 'user,item,time,time,label\na,x,1,1,1\n');
  expect((await faults())[0]?.[0]).toBe('DATA_DUPLICATE_COLUMN');
  await folder.write('events.csv', '');
  expect((await faults())[0]?.[0]).toBe('DATA_FILE_EMPTY');
  await folder.write('events.csv', 'user,item,time,label\n');
  expect((await faults())[0]?.[0]).toBe('DATA_NO_ROWS');
});

test('a side table with a key twice, and a bad number in it', async () => {
  await folder.write('events.csv', 'user,item,time,label\na,x,1,1\n');
  await folder.write('users.csv', 'id,age\na,30\na,31\n');
  const tables = { users: { files: 'users.csv', key: 'id', on: 'entity' } };
  const input = plain({ tables, features: [{ name: 'age', side: 'entity', kind: 'numeric' }] });
  expect(await faults(input)).toEqual([
    [
      'DATA_DUPLICATE_KEY',
      'users.csv',
      'Table "users" must have one row a key, but has several for "a" (2 rows).',
    ],
  ]);
  await folder.write('users.csv', 'id,age\na,old\n');
  expect(await faults(input)).toEqual([
    ['DATA_BAD_ROW', 'users.csv:2 column "age"', '"old" is not a number.'],
  ]);
});

test('bad rows of JSON lines and Parquet have their places too', async () => {
  await folder.write(
    'events.jsonl',
    '{"user":"a","item":"x","time":1,"label":1}\n{"user":"a"\n\n{"user":"b","item":"x","time":"?","label":0}\n',
  );
  expect(
    (await faults(plain({ events: { files: 'events.jsonl', format: 'jsonl' } }))).map(([, where]) => where),
  ).toEqual(['events.jsonl:2', 'events.jsonl:4 column "time"']);
  const database = await openDatabase({ memoryLimitMb: 128, threads: 1 });
  await database.run(
    `COPY (SELECT * FROM (VALUES ('a', 'x', '1', '1'), ('a', 'y', 'never', '0')) t("user", item, time, label))
      TO ${quoted(`${folder.path}/events.parquet`)} (FORMAT parquet)`,
  );
  database.close();
  expect(await faults(plain({ events: { files: 'events.parquet', format: 'parquet' } }))).toEqual([
    ['DATA_BAD_ROW', 'events.parquet:2 column "time"', expect.stringContaining('"never"')],
  ]);
});

test('cut-off gzip, zstd and Parquet are damaged files', async () => {
  const body = `user,item,time,label\n${Array.from({ length: 5000 }, (_, i) => `u${i % 50},i${(i * 7919) % 977},${i},${i % 2}\n`).join('')}`;
  const gzip = gzipSync(body);
  await folder.write('events.csv', body);
  const database = await openDatabase({ memoryLimitMb: 128, threads: 1 });
  const read = `read_csv(${quoted(`${folder.path}/events.csv`)})`;
  await database.run(
    `COPY (FROM ${read}) TO ${quoted(`${folder.path}/whole.csv.zst`)} (HEADER, COMPRESSION zstd)`,
  );
  await database.run(`COPY (FROM ${read}) TO ${quoted(`${folder.path}/whole.parquet`)} (FORMAT parquet)`);
  database.close();
  const whole = {
    gz: gzip,
    zst: await readFile(`${folder.path}/whole.csv.zst`),
    parquet: await readFile(`${folder.path}/whole.parquet`),
  };
  for (const [suffix, bytes] of Object.entries(whole))
    for (const keep of [bytes.length - 4, bytes.length >> 1, 3]) {
      const files = suffix === 'parquet' ? 'cut.parquet' : `cut.csv.${suffix}`;
      await folder.write(files, bytes.subarray(0, keep));
      const found = await faults(
        plain({ events: { files, format: suffix === 'parquet' ? 'parquet' : 'csv' } }),
      );
      expect([files, keep, found[0]?.[0], found[0]?.[1]]).toEqual([files, keep, 'DATA_FILE_DAMAGED', files]);
    }
  expect(await left()).toEqual([]);
});

test('rejected rows of a side table are counted with the others', async () => {
  await folder.write('events.csv', 'user,item,time,label\na,x,1,1\nb,x,2,0\nb,y,never,0\n');
  await folder.write('users.csv', 'id,age\na,old\nb,31\n');
  const { result } = await prep(
    folder,
    plain({
      tables: { users: { files: 'users.csv', key: 'id', on: 'entity' } },
      features: [{ name: 'age', side: 'entity', kind: 'numeric' }],
    }),
    { onError: 'reject' },
  );
  expect(result.dropped).toEqual({ 'rejected rows': 1, 'rejected rows of table users': 1 });
  expect((await readFile(`${result.path}/rejects.csv`, 'utf8')).trim().split('\n').slice(1)).toEqual([
    expect.stringMatching(/^events\.csv,4,time,never,/),
    expect.stringMatching(/^users\.csv,2,age,old,/),
  ]);
});

test('feature names that are columns of the prepared tables', async () => {
  await folder.write('events.csv', 'user,item,time,label,value,train\na,x,1,1,3,4\n');
  const named = (name: string, side: 'item' | 'event') =>
    plain({ features: [{ name, side, kind: 'numeric', from: 'events' }] });
  for (const name of ['index', 'value', 'train', 'valid', 'test', 'support'])
    expect(await faults(named(name, 'item'))).toEqual([
      ['DATASET_INCONSISTENT', `data set log › features.${name}`, expect.stringContaining('taken')],
    ]);
  const { dataset } = await prep(folder, named('value', 'event'));
  expect(dataset.manifest.features.map(({ name }) => name)).toEqual(['value']);
  expect(() => descriptorSchema.parse(named('timestamp_ms', 'event'))).toThrow('taken');
});

test('rejecting leaves bad rows out, counts them and writes them with their reasons', async () => {
  await folder.write('events.csv', 'user,item,time,label\na,x,1,1\na,y,soon,1\na,z\nb,x,3,7\nb,z,4,0\n');
  const { result, reported } = await prep(folder, plain(), { onError: 'reject' });
  expect(result.rows).toBe(2);
  expect(result.dropped).toEqual({ 'rejected rows': 3 });
  expect(reported).toContainEqual({ kind: 'note', text: 'rejected rows: 3' });
  expect(await readFile(`${result.path}/rejects.csv`, 'utf8')).toBe(
    [
      'file,line,column,value,reason,row',
      'events.csv,3,time,soon,not a number of seconds since 1970 between the years 1900 and 2200,"a,y,soon,1"',
      'events.csv,4,,"a,z",a row of 2 fields; the file has 4 columns,"a,z"',
      'events.csv,5,label,7,"not a label (0, 1, true, false)","b,x,3,7"',
      '',
    ].join('\n'),
  );
  // Rejecting is part of what was asked for: it is not taken for a clean run later.
  expect((await userErrors(prep(folder, plain()))).length).toBe(3);
});

test('when every row is rejected there is nothing to prepare', async () => {
  await folder.write('events.csv', 'user,item,time,label\na,x,soon,1\n,y,2,0\n');
  const [error] = await userErrors(prep(folder, plain(), { onError: 'reject' }));
  expect(error).toMatchObject({ code: 'DATA_NO_ROWS', next: expect.stringContaining('--on-error stop') });
  expect(error?.what).toContain('2 were rejected');
  expect(await left()).toEqual([]);
});
