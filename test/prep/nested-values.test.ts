// JSON and Parquet hold more than texts: lists, objects, NaN, numbers of many digits. Right, or refused by line.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../src/database/database.js';
import { copyTo } from '../../src/database/files.js';
import { looseJson } from '../../src/prep/sources/json-objects.js';
import {
  allEvents,
  type Folder,
  plain,
  prep,
  type RawDescriptor,
  temporaryFolder,
  userErrors,
} from './prep-harness.js';

let folder: Folder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

type Parts = Partial<RawDescriptor>;
const json = (parts: Parts = {}) =>
  plain({
    events: { files: 'log.jsonl', format: 'jsonl' },
    split: { kind: 'global-time', validFrom: 8e12, testFrom: 9e12 },
    ...parts,
  });
const parquet = (parts: Parts = {}) => ({
  ...json(parts),
  events: { files: 'log.parquet', format: 'parquet' as const },
});
const lines = (...rows: readonly string[]) => folder.write('log.jsonl', `${rows.join('\n')}\n`);

async function writeParquet(select: string): Promise<void> {
  const database = await openDatabase({ memoryLimitMb: 128, threads: 1 });
  await database.run(copyTo(select, `${folder.path}/log.parquet`, 'FORMAT parquet'));
  database.close();
}

const column = async (input: RawDescriptor, name: string) =>
  (await allEvents((await prep(folder, input)).dataset)).map(({ features }) => features[name]);
const faults = async (input: RawDescriptor) =>
  (await userErrors(prep(folder, input))).map(({ code, where }) => `${code} ${where}`);

const tags: Parts = { features: [{ name: 'tags', side: 'event', kind: 'multi' }] };
const price: Parts = { features: [{ name: 'price', side: 'event', kind: 'numeric', standardise: false }] };

test('members of a list keep a separator that they hold; a text is parted by it', async () => {
  await lines(
    '{"user":"a","item":"x","time":1,"label":1,"tags":["p|q","r"]}',
    '{"user":"a","item":"x","time":2,"label":0,"tags":["p|q"]}',
    '{"user":"a","item":"x","time":3,"label":0,"tags":"p|q"}',
    '{"user":"a","item":"x","time":4,"label":0,"tags":[]}',
  );
  const wanted = [['p|q', 'r'], ['p|q'], ['p', 'q'], []];
  expect(await column(json(tags), 'tags')).toEqual(wanted);
  await writeParquet(
    `SELECT 'a' AS "user", 'x' AS item, t AS time, t % 2 AS label, tags FROM
      (VALUES (1, ['p|q', 'r']), (2, ['p|q']), (3, ['p', 'q']), (4, [])) v(t, tags)`,
  );
  expect(await column(parquet(tags), 'tags')).toEqual(wanted);
});

test('a list or an object where one value is wanted is refused by line', async () => {
  await lines(
    '{"user":"a","item":"x","time":1,"label":1,"kind":"k","vector":1}',
    '{"user":["a"],"item":"x","time":2,"label":0,"kind":"k","vector":1}',
    '{"user":"a","item":"x","time":3,"label":0,"kind":{"b":1},"vector":1}',
    '{"user":"a","item":"x","time":4,"label":0,"kind":"k","vector":[0.5,1.5]}',
  );
  const features: Parts = {
    features: [
      { name: 'kind', side: 'event', kind: 'categorical' },
      { name: 'vector', side: 'event', kind: 'numeric' },
    ],
  };
  expect(await faults(json(features))).toEqual([
    'DATA_BAD_ROW log.jsonl:2 column "user"',
    'DATA_BAD_ROW log.jsonl:3 column "kind"',
    'DATA_BAD_ROW log.jsonl:4 column "vector"',
  ]);
});

test('parts of objects go by their path, a key with a dot by its name', async () => {
  const columns = { ...plain().columns!, entity: 'user.id', item: 'a.b' };
  await lines(
    '{"user":{"id":"u1","of":{"age":7}},"a.b":"x","time":1,"label":1}',
    '{"user":{"id":"u2","of":{"age":8}},"a.b":"y","time":2,"label":0}',
  );
  const age: Parts = {
    features: [{ name: 'age', side: 'event', kind: 'numeric', column: 'user.of.age', standardise: false }],
  };
  const seen = async (input: RawDescriptor) =>
    (await allEvents((await prep(folder, input)).dataset)).map(({ entity, item, features }) => [
      entity,
      item,
      features['age'],
    ]);
  const wanted = [
    ['u1', 'x', 7],
    ['u2', 'y', 8],
  ];
  expect(await seen(json({ columns, ...age }))).toEqual(wanted);
  await writeParquet(
    `SELECT {'id': 'u' || n, 'of': {'age': 6 + n}} AS "user", CASE n WHEN 1 THEN 'x' ELSE 'y' END AS "a.b", n AS time, 2 - n AS label
      FROM (VALUES (1), (2)) v(n)`,
  );
  expect(await seen(parquet({ columns, ...age }))).toEqual(wanted);
  expect(
    (await userErrors(prep(folder, parquet({ columns: { ...columns, entity: 'user' } }))))[0]?.what,
  ).toBe('There is no column "user"; the file has user.id, user.of.age, a.b, time, label.');
});

test('NaN is no value: in JSON as Python writes it, and in floats of Parquet', async () => {
  await lines(
    '{"user":"a","item":"NaN","time":1,"label":1,"price":NaN}',
    '{"user":"a","item":"x","time":2,"label":0,"price":2.5}',
  );
  expect(await column(json(price), 'price')).toEqual([0, 2.5]);
  await lines('{"user":NaN,"item":"x","time":1,"label":1,"price":1}');
  expect(await faults(json(price))).toEqual(['DATA_BAD_ROW log.jsonl:1 column "user"']);
  await writeParquet(
    `SELECT 'a' AS "user", 'x' AS item, t AS time, t % 2 AS label, p AS price FROM (VALUES (1, 'nan'::DOUBLE), (2, 2.5)) v(t, p)`,
  );
  expect(await column(parquet(price), 'price')).toEqual([0, 2.5]);
});

test('IDs of more digits than a double has stay apart', async () => {
  await lines(
    '{"user":9007199254740992,"item":18446744073709551615,"time":1,"label":1}',
    '{"user":9007199254740993,"item":18446744073709551616,"time":2,"label":0}',
  );
  const { dataset } = await prep(folder, json());
  expect(await dataset.vocabulary('entity')).toEqual(['', '9007199254740992', '9007199254740993']);
  expect(await dataset.vocabulary('item')).toEqual(['', '18446744073709551615', '18446744073709551616']);
});

test('a key that only a late line has is a column; one that none has is missing', async () => {
  const early = Array.from({ length: 300 }, (_, n) => `{"user":"a","item":"x","time":${n},"label":${n % 2}}`);
  await lines(...early, '{"user":"a","item":"x","time":999,"label":1,"price":4}');
  const found = await column(json(price), 'price');
  expect(found.slice(-2)).toEqual([0, 4]);
  await lines(...early, '{"user":"a","item":"price","time":999,"label":1}');
  expect(await faults(json(price))).toEqual(['DATA_MISSING_COLUMN log.jsonl:1']);
});

test('a cut-off last line is told by its number; an array by its name', async () => {
  await lines('{"user":"a","item":"x","time":1,"label":1}', '{"user":"a","it');
  expect(await faults(json())).toEqual(['DATA_BAD_ROW log.jsonl:2']);
  await lines('[{"user":"a","item":"x","time":1,"label":1}]');
  expect((await userErrors(prep(folder, json())))[0]).toMatchObject({
    code: 'DATA_NOT_JSON_LINES',
    what: expect.stringContaining('array'),
  });
  for (const text of ['{"user":"a"}\n', '[{"user":"a"}]\n', '[\n{"user":"a"}\n]\n']) {
    await folder.write('events.csv', text);
    expect((await userErrors(prep(folder, plain())))[0]?.code).toBe('DATA_OTHER_FORMAT');
  }
});

test('loose JSON: only what stands outside of strings is rewritten', () => {
  expect(looseJson('{"a": NaN, "b":[-NaN,1],"c":"NaN, \\" NaN","d":0.12345678901234567890}')).toBe(
    '{"a": null, "b":[null,1],"c":"NaN, \\" NaN","d":0.12345678901234567890}',
  );
  expect(looseJson('{"a":-9007199254740993,"b":"9007199254740993"}')).toBe(
    '{"a":"-9007199254740993","b":"9007199254740993"}',
  );
});

test('a list of which a member holds the mark between members is refused by line', async () => {
  const good = '{"user":"a","item":"x","time":1,"label":1,"tags":["p","q"]}';
  await lines(good, '{"user":"a","item":"x","time":2,"label":0,"tags":["p\\u001fq","r"]}');
  expect(await faults(json(tags))).toEqual(['DATA_BAD_ROW log.jsonl:2 column "tags"']);
  const kind: Parts = { features: [{ name: 'tags', side: 'event', kind: 'categorical' }] };
  await lines(
    good.replace('["p","q"]', '"p"'),
    '{"user":"a","item":"x","time":2,"label":0,"tags":["p\\u001fq"]}',
  );
  expect(await faults(json(kind))).toEqual(['DATA_BAD_ROW log.jsonl:2 column "tags"']);
  await writeParquet(
    `SELECT 'a' AS "user", 'x' AS item, t AS time, t % 2 AS label, tags FROM
      (VALUES (1, ['p']), (2, ['p' || chr(31)])) v(t, tags)`,
  );
  expect(await faults(parquet(tags))).toEqual(['DATA_BAD_ROW log.parquet:2 column "tags"']);
});

test('a column that is named like a path goes before the part of an object', async () => {
  const columns = { ...plain().columns!, entity: ['user.id', 'item'] as [string, string], item: 'item' };
  await lines('{"user":{"id":"no"},"user.id":"u1","item":"x","time":1,"label":1}');
  const ids = async (input: RawDescriptor) =>
    (await allEvents((await prep(folder, input)).dataset)).map(({ entity }) => entity);
  expect(await ids(json({ columns }))).toEqual(['u1|x']);
  await writeParquet(
    `SELECT {'id': 'no', 'b': 'yes'} AS "user", 'u1' AS "user.id", 'x' AS item, 1 AS time, 1 AS label, {'b': 'in'} AS "a.a"`,
  );
  expect(await ids(parquet({ columns }))).toEqual(['u1|x']);
  expect(await ids(parquet({ columns: { ...columns, entity: ['user.b', 'a.a.b'] } }))).toEqual(['yes|in']);
});

test('half a surrogate and a NUL are refused by line', async () => {
  const good = '{"user":"a","item":"x","time":1,"label":1}';
  await lines(good, good.replace('"a"', '"\\ud800"'));
  expect(await faults(json())).toEqual(['DATA_BAD_ROW log.jsonl:2']);
  await lines(good, good.replace('"a"', '"a\\u0000b"'));
  expect(await faults(json())).toEqual(['DATA_BAD_ROW log.jsonl:2 column "user"']);
  const kind: Parts = { features: [{ name: 'kind', side: 'event', kind: 'categorical' }] };
  await folder.write('events.csv', 'user,item,time,label,kind\na,x,1,1,k\na,x,2,0,k\0l\n');
  expect(await faults(plain(kind))).toEqual(['DATA_BAD_ROW events.csv:3 column "kind"']);
});

test('a part with a dot in its name is no column', async () => {
  await writeParquet(`SELECT 'a' AS "user", 'x' AS item, 1 AS time, 1 AS label, {'b.c': 1} AS more`);
  const part: Parts = { features: [{ name: 'p', side: 'event', kind: 'numeric', column: 'more.b.c' }] };
  expect(await faults(parquet(part))).toEqual(['DATA_MISSING_COLUMN log.parquet:1']);
});
