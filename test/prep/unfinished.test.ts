// A prep that is killed, or fails late, leaves nothing that is taken for a finished data set.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openPrepared } from '../../src/prepared/open.js';
import { runMain } from '../cli/in-process.js';
import { ROOT } from '../cli/run-limaml.js';
import { namesOfTheDead } from '../support/names-of-the-dead.js';
import { plain, prep, temporaryFolder, userErrors } from './prep-harness.js';

/** Makes hashing the last file of a folder fail, as on a full disk. */
const late = vi.hoisted(() => ({ failure: undefined as Error | undefined }));
vi.mock('../../src/hash.js', async (original) => {
  const real = await original<typeof import('../../src/hash.js')>();
  const hashFile: typeof real.hashFile = (path) =>
    late.failure !== undefined && path.endsWith('items.parquet')
      ? Promise.reject(late.failure)
      : real.hashFile(path);
  return { ...real, hashFile };
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limaml-unfinished-'));
});
afterEach(async () => {
  late.failure = undefined;
  await rm(folder, { recursive: true, force: true });
});

const DESCRIPTOR = `name: log
licence: made for the test
source: {}
events: { files: events.csv }
columns:
  entity: user
  item: item
  timestamp: { column: time, unit: s }
  label: { kind: binary, column: label }
features:
  - { name: past, kind: history, of: item, statistic: rate }
`;
/** Long enough that every stage takes longer than it takes to kill a process. */
const ROWS = 60_000;

async function writeLog(rows: number): Promise<void> {
  const lines = Array.from({ length: rows }, (_, n) => `u${n % 997},i${(n * 7919) % 499},${n},${n % 2}\n`);
  await writeFile(join(folder, 'events.csv'), `user,item,time,label\n${lines.join('')}`);
  await writeFile(join(folder, 'log.yaml'), DESCRIPTOR);
}

/** Runs the real program and kills it without warning once standard error matches. */
async function killedAt(pattern: RegExp): Promise<void> {
  const program = join(ROOT, 'dist', 'bin', 'limaml.js');
  const child = spawn(process.execPath, [program, 'prep', 'log.yaml', '--data', '.', '--threads', '1'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words += text;
    if (pattern.test(words)) child.kill('SIGKILL');
  });
  await new Promise((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
}

test('killed in any stage: no finished folder; the next prep sweeps up and gives the same bytes', async () => {
  await writeLog(ROWS);
  let inTheMiddle = 0;
  for (const stage of ['sort', 'write']) {
    await killedAt(new RegExp(`^${stage}\\b`, 'm'));
    for (const name of await readdir(join(folder, 'prepared'))) {
      const path = join(folder, 'prepared', name);
      if (/^log-[0-9a-f]{8}$/.test(name)) {
        // The kill came too late on a busy machine: then the folder is whole.
        await openPrepared(path);
        await rm(path, { recursive: true });
        continue;
      }
      expect(name).toMatch(/\.(?:work|tmp)$/);
      // Whole (killed just before the last renaming), or no data set at all.
      await openPrepared(path).catch((error: unknown) =>
        expect(error).toMatchObject({ code: 'PREPARED_NOT_FOUND' }),
      );
      if (name.endsWith('.work')) inTheMiddle++;
    }
  }
  // At `sort` most of the work is still to come.
  expect(inTheMiddle).toBeGreaterThanOrEqual(1);
  const args = ['prep', 'log.yaml', '--data', '.', '--json'];
  const after = await runMain(args, { cwd: folder });
  expect(after.code).toBe(0);
  const names = await readdir(join(folder, 'prepared'));
  expect(names).toEqual([expect.stringMatching(/^log-[0-9a-f]{8}$/)]);
  const clean = await runMain([...args, '--out', 'elsewhere'], { cwd: folder });
  expect(clean.code).toBe(0);
  const manifest = (out: string) => readFile(join(folder, out, names[0]!, 'manifest.json'), 'utf8');
  expect(await manifest('prepared')).toBe(await manifest('elsewhere'));
});

test('nothing changed: the second prep writes nothing; a damaged folder is made again', async () => {
  await writeLog(200);
  const args = ['prep', 'log.yaml', '--data', '.', '--json'];
  const first = JSON.parse((await runMain(args, { cwd: folder })).stdout) as {
    path: string;
    reused: boolean;
  };
  expect(first.reused).toBe(false);
  const items = join(folder, first.path.slice(first.path.indexOf('prepared')), 'items.parquet');
  const { mtimeMs, ino } = await stat(items);
  // Killed when all but its scratch was in place.
  await mkdir(namesOfTheDead(join(folder, 'prepared', basename(first.path))).work);
  const again = await runMain(args, { cwd: folder });
  expect(JSON.parse(again.stdout)).toEqual({ ...first, reused: true });
  expect(await readdir(join(folder, 'prepared'))).toEqual([basename(first.path)]);
  expect(await stat(items)).toMatchObject({ mtimeMs, ino });
  const whole = await readFile(items);
  await writeFile(items, whole.subarray(0, whole.length >> 1));
  const repaired = await runMain(args, { cwd: folder });
  expect(JSON.parse(repaired.stdout)).toEqual(first);
  expect(repaired.stderr).toContain('PREPARED_DAMAGED');
  expect(await readFile(items)).toEqual(whole);
});

test('a failure in the last stage leaves nothing', async () => {
  const raw = await temporaryFolder();
  await raw.write('events.csv', 'user,item,time,label\na,x,1,1\na,y,2,0\nb,x,3,1\n');
  late.failure = Object.assign(new Error('ENOSPC: no space left on device, read'), { code: 'ENOSPC' });
  const errors = await userErrors(prep(raw, plain()));
  expect(errors.map(({ code }) => code)).toEqual(['DISK_FULL']);
  expect(await readdir(join(raw.path, 'prepared'))).toEqual([]);
  late.failure = new Error('a fault of ours');
  await expect(prep(raw, plain())).rejects.toThrow('a fault of ours');
  expect(await readdir(join(raw.path, 'prepared'))).toEqual([]);
  late.failure = undefined;
  const { result } = await prep(raw, plain());
  expect(await readdir(join(raw.path, 'prepared'))).toEqual([result.path.slice(-12)]);
  await raw.remove();
});

test('a leak: exit code 1, and no folder', async () => {
  await writeFile(join(folder, 'events.csv'), 'user,item,time,label,part\na,x,9,1,train\na,y,1,0,test\n');
  await writeFile(
    join(folder, 'log.yaml'),
    DESCRIPTOR.replace(/features:.*/s, 'split: { kind: given, column: part }\n'),
  );
  const outcome = await runMain(['prep', 'log.yaml', '--data', '.'], { cwd: folder });
  expect(outcome.code).toBe(1);
  expect(outcome.stderr).toContain('LEAK_ORDER');
  expect(await readdir(join(folder, 'prepared'))).toEqual([]);
});
