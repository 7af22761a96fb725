// Files that cannot be read at all, and a machine that is too small: told by a name, and nothing is left behind.
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PrepareRequest } from '../../src/prep/prepare.js';
import { inspectFile } from '../../src/prep/sources/inspect-file.js';
import { type Folder, plain, prep, type RawDescriptor, temporaryFolder, userErrors } from './prep-harness.js';

let folder: Folder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

async function fault(input: RawDescriptor = plain(), options: Partial<PrepareRequest> = {}) {
  const errors = await userErrors(prep(folder, input, options));
  expect(await readdir(join(folder.path, 'prepared')).catch(() => [])).toEqual([]);
  return errors.map(({ code, where, what }) => [code, where, what]);
}

test('what opens but cannot be read, as a folder does', async () => {
  await mkdir(join(folder.path, 'events.csv'));
  const [error] = await userErrors(inspectFile(folder.path, 'events.csv'));
  expect(error).toMatchObject({
    code: 'DATA_FILE_UNREADABLE',
    where: 'events.csv',
    next: expect.any(String),
  });
  expect(error?.what).toContain('EISDIR');
});

test('a header that quotes without end', async () => {
  await folder.write('events.csv', 'user,"item,time,label\na,x,1,1\n');
  expect(await fault()).toEqual([
    ['DATA_HEADER_UNREADABLE', 'events.csv:1', expect.stringContaining('Quote Not Closed')],
  ]);
});

test('JSON lines that are something else', async () => {
  await folder.write('events.jsonl', 'user,item,time,label\na,x,1,1\n');
  expect(await fault(plain({ events: { files: 'events.jsonl', format: 'jsonl' } }))).toEqual([
    ['DATA_NOT_JSON_LINES', 'events.jsonl:1', 'The first line is not a JSON object.'],
  ]);
});

test('too little memory', async () => {
  const rows = Array.from({ length: 60_000 }, (_, n) => `user-${n % 20_011},item-${n},${n},${n % 2}\n`);
  await folder.write('events.csv', `user,item,time,label\n${rows.join('')}`);
  expect(await fault(plain(), { memoryLimitMb: 2 })).toEqual([
    ['MEMORY_LIMIT', 'prep', 'The memory limit is too low for this data.'],
  ]);
});
