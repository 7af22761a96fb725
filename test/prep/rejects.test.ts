// `rejects.csv`: what was set aside, whole rows in the order of the files, in CSV that any reader takes.
import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../src/database/database.js';
import { copyTo } from '../../src/database/files.js';
import { type Folder, plain, prep, type RawDescriptor, temporaryFolder, userErrors } from './prep-harness.js';

let folder: Folder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

/** Records of rejects.csv without its header. */
async function rejected(input: RawDescriptor): Promise<readonly (readonly string[])[]> {
  const { result } = await prep(folder, { ...input, onError: 'reject' });
  const text = await readFile(`${result.path}/rejects.csv`, 'utf8');
  const [header, ...records] = parse(text) as string[][];
  expect(header).toEqual(['file', 'line', 'column', 'value', 'reason', 'row']);
  return records;
}

test('files come in the order they are read, lines as they stand, rows with all of their columns', async () => {
  const header = 'user,item,time,label,unused\n';
  await folder.write(
    'z.csv',
    `${header}a,x,1,1,"u, 1"\na,y,soon,1,"say ""u"" 2"\na,"b\nc",later,0,u3\na,w\na,z,2,0,u4\n`,
  );
  await folder.write('a.csv', `${header}b,x,never,1,u5\nb,y,3,1,u6\n`);
  const records = await rejected(plain({ events: { files: ['z.csv', 'a.csv'] } }));
  expect(records.map(([file, line, column, , , row]) => [file, line, column, row])).toEqual([
    ['z.csv', '3', 'time', 'a,y,soon,1,"say ""u"" 2"'],
    ['z.csv', '4', 'time', 'a,"b\nc",later,0,u3'],
    ['z.csv', '6', '', 'a,w'],
    ['a.csv', '2', 'time', 'b,x,never,1,u5'],
  ]);
});

test('rows of JSON lines and of Parquet are JSON', async () => {
  const json = '{"user": "a", "item": "x", "time": "?", "label": 1, "unused": [1, "é"]}';
  await folder.write('log.jsonl', `${json}\n{"user":"a","item":"x","time":1,"label":1}\n`);
  expect(await rejected(plain({ events: { files: 'log.jsonl', format: 'jsonl' } }))).toEqual([
    ['log.jsonl', '1', 'time', '?', expect.stringContaining('seconds'), json],
  ]);
  const database = await openDatabase({ memoryLimitMb: 128, threads: 1 });
  const rows = `SELECT * FROM (VALUES ('a', 'x', '1', '1', 7), ('a', 'y', 'never', '0', 8)) t("user", item, time, label, unused)`;
  await database.run(copyTo(rows, `${folder.path}/log.parquet`, 'FORMAT parquet'));
  database.close();
  const [record] = await rejected(plain({ events: { files: 'log.parquet', format: 'parquet' } }));
  expect(record?.slice(0, 4)).toEqual(['log.parquet', '2', 'time', 'never']);
  expect(JSON.parse(record![5]!)).toEqual({ user: 'a', item: 'y', time: 'never', label: '0', unused: 8 });
});

test('more of them than are written at a time', async () => {
  const rows = Array.from({ length: 10_050 }, (_, n) => `a,x,t${n},1\n`).join('');
  await folder.write('events.csv', `user,item,time,label\n${rows}a,y,1,0\n`);
  const records = await rejected(plain());
  expect(records).toHaveLength(10_050);
  expect(records.every(([, line, , value], n) => line === String(n + 2) && value === `t${n}`)).toBe(true);
});

test('the descriptor says what a bad row does, and what is asked for says more', async () => {
  await folder.write('events.csv', 'user,item,time,label\na,x,1,1\na,y,soon,1\nb,z,2,0\n');
  const { result } = await prep(folder, { ...plain(), onError: 'reject' });
  expect(result.dropped).toEqual({ 'rejected rows': 1 });
  expect(await userErrors(prep(folder, { ...plain(), onError: 'reject' }, { onError: 'stop' }))).toHaveLength(
    1,
  );
  // The key alone makes no other data of the same rows: its hash is that of the flag.
  expect((await prep(folder, plain(), { onError: 'reject' })).result.path).toBe(result.path);
});
