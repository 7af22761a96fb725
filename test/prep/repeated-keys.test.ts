// A key that an object has twice has no value: the line is named, however its reader would take it.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { repeatedKey } from '../../src/prep/sources/repeated-key.js';
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

const log = (entity: string): RawDescriptor =>
  plain({
    events: { files: 'log.jsonl', format: 'jsonl' },
    columns: { ...plain().columns!, entity },
    split: { kind: 'global-time', validFrom: 8e12, testFrom: 9e12 },
  });

test.each<[string, string | undefined]>([
  ['{"a":1,"b":2}', undefined],
  ['{"a":1,"a":1}', 'a'],
  ['{"a":1,"\\u0061":2}', 'a'],
  ['{"c":{"d":1,"d":2},"a":1}', 'c.d'],
  ['{"c":{"d":1},"d":2,"a":{"c":1}}', undefined],
  ['{"c":{},"c":{"d":1}}', 'c'],
  ['{"z":1,"z":2,"a":"x\\",\\"a\\":"}', undefined],
  ['{"a":[{"a":1,"a":2},"a","a"],"b":{"a":"a"}}', undefined],
])('%s', (text, key) => {
  expect(repeatedKey(text, ['a', 'c.d'])).toBe(key);
});

test('is refused by line, of the line and of an object in it; one that nothing reads is not', async () => {
  const row = (user: string) => `{${user},"item":"x","time":1,"label":1}\n`;
  await folder.write('log.jsonl', row('"user":"a","note":1,"note":2') + row('"user":"a","user":"b"'));
  expect(await userErrors(prep(folder, log('user')))).toMatchObject([
    {
      where: 'log.jsonl:2',
      what: expect.stringContaining('an object that has the key "user" more than once'),
    },
  ]);
  await folder.write('log.jsonl', row('"by":{"id":"a"}') + row('"by":{"id":"a","id":"b"}'));
  expect(await userErrors(prep(folder, log('by.id')))).toMatchObject([
    { where: 'log.jsonl:2', what: expect.stringContaining('"by.id" more than once') },
  ]);
  await folder.write('log.jsonl', row('"by":{"id":"a","z":1,"z":2}'));
  expect((await allEvents((await prep(folder, log('by.id'))).dataset)).map(({ entity }) => entity)).toEqual([
    'a',
  ]);
});
