// `limaml refresh --watch`: every file once, in order, a bad one set aside, the same file again without effect.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readManifest } from '../../src/bundle/format/manifest.js';
import { BUNDLE } from '../bundle/committed-bundle.js';
import { runMain } from './in-process.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'limaml-watch-'));
  cpSync(BUNDLE, join(folder, 'bundle'), { recursive: true });
  mkdirSync(join(folder, 'in'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const HEADER = 'entity,item,timestamp_ms,label,price';
const put = (name: string, ...rows: readonly string[]): void =>
  writeFileSync(join(folder, 'in', name), `${[HEADER, ...rows].join('\n')}\n`);
const watch = () =>
  runMain(['refresh', '--bundle', 'bundle', '--watch', 'in', '--once', '--json'], { cwd: folder });

it('takes in what is whole, and leaves the rest', async () => {
  put('b.csv', 'm1,f2,1700000000002,0,1');
  put('a.csv', 'm1,f2,1700000000001,1,1');
  put('c.csv', 'm1,f2,seconds,1,1');
  put('d.csv.part', 'm1,f2,1700000000003,1,1');
  const { code, stdout, stderr } = await watch();
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error REFRESH_FILES_FAILED {2}in\n {2}1 of 3 files/m);
  expect(stderr.match(/^warning .*REFRESH_FILE_FAILED.*$/gm)).toEqual([
    expect.stringContaining('c.csv is set aside'),
  ]);
  expect([...stdout.matchAll(/"adapted": 1/g)]).toHaveLength(2);
  expect(readdirSync(join(folder, 'in')).sort()).toEqual(['d.csv.part', 'done', 'failed']);
  expect(readdirSync(join(folder, 'in', 'done')).sort()).toEqual(['a.csv', 'b.csv']);
  expect(readdirSync(join(folder, 'in', 'failed'))).toEqual(['c.csv']);
  const before = await readManifest(join(folder, 'bundle'));
  expect(before.parents.events).toMatchObject({ file: 'b.csv' });
  // Killed before it was moved, a file comes again.
  put('a.csv', 'm1,f2,1700000000001,1,1');
  expect((await watch()).code).toBe(0);
  expect(await readManifest(join(folder, 'bundle'))).toEqual(before);
});

it('takes a file or a folder, and tells of a fault that is not the file’s', async () => {
  for (const args of [
    ['--bundle', 'bundle'],
    ['--bundle', 'bundle', '--events', 'x', '--watch', 'in'],
  ])
    expect(await runMain(['refresh', ...args, '--quiet'], { cwd: folder })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error USAGE {2}limaml refresh/),
    });
  put('e.csv', 'm1,f2,1700000000009,1,1');
  const missing = ['refresh', '--bundle', 'none', '--watch', 'in', '--once', '--quiet'];
  expect((await runMain(missing, { cwd: folder })).stderr).toMatch(/^error BUNDLE_MISSING/);
  expect(readdirSync(join(folder, 'in'))).toContain('e.csv');
});
