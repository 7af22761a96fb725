// One process at a time: the first holds, the dead make way, those in turn wait.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { claim, inTurn, release } from '../src/claim.js';
import { interrupt } from '../src/interruption.js';
import { ownMark } from '../src/living-process.js';
import { namesOfTheDead } from './support/names-of-the-dead.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limaml-claim-'));
  path = join(folder, 'BUSY');
});
afterEach(() => rm(folder, { recursive: true }));

const own = { ...ownMark(), host: hostname() };
const mark = (holder: object | string): Promise<void> =>
  writeFile(path, typeof holder === 'string' ? holder : JSON.stringify(holder));

it('the first holds it, until it gives it back', async () => {
  expect(claim(path)).toBeUndefined();
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(own);
  expect(claim(path)).toEqual(own);
  release(path);
  expect(claim(path)).toBeUndefined();
  expect(await readdir(folder)).toEqual(['BUSY']);
});

it.each([
  ['a dead process', { pid: 2 ** 22 + 1, host: hostname(), began: null }],
  ['a process of the same number that began at another time', { ...own, began: '1' }],
  ['nobody that can be read', '{ "pid"'],
])('%s makes way', async (_, holder) => {
  await mark(holder);
  expect(claim(path)).toBeUndefined();
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(own);
  expect(await readdir(folder)).toEqual(['BUSY']);
});

it('another host is taken to be at work', async () => {
  const holder = { pid: 1, host: 'another host', began: null };
  await mark(holder);
  expect(claim(path)).toEqual(holder);
});

it('works in turn, never two at once, and gives way after an error and an interruption', async () => {
  // Killed while it asked for its turn.
  await writeFile(namesOfTheDead(path).tmp, '');
  let inside = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    most = Math.max(most, ++inside);
    await new Promise((resolve) => setTimeout(resolve, 20));
    inside--;
  };
  await Promise.all([1, 2, 3].map(() => inTurn(path, 5000, work)));
  expect(most).toBe(1);
  await expect(inTurn(path, 0, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await readdir(folder)).toEqual([]);
  await inTurn(path, 0, async () => {
    interrupt();
    expect(await readdir(folder)).toEqual([]);
  });
});

it('says who is at work when its patience ends', async () => {
  await mark(own);
  await expect(inTurn(path, 60, () => Promise.resolve())).rejects.toMatchObject({
    code: 'BUSY',
    exitCode: 2,
    what: expect.stringContaining(String(process.pid)),
  });
});
