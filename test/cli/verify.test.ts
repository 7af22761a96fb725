// `limaml verify`: one verb for runs, bundles and prepared data.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hashBytes, hashJson } from '../../src/hash.js';
import { runMain } from './in-process.js';
import type { Outcome } from './run-limaml.js';
import { type Project, smallProject } from './small-project.js';

interface Stored {
  readonly sha256: string;
  readonly comparisons: { delta: number }[];
}

let project: Project;
let run: string;
beforeAll(async () => {
  project = await smallProject();
  run = (JSON.parse((await limaml('train', 'tiny', '--json')).stdout) as { path: string }).path;
  expect((await limaml('export', 'latest', '--out', 'bundle')).code).toBe(0);
});
afterAll(() => project.remove());

const limaml = (...args: readonly string[]): Promise<Outcome> => runMain(args, { cwd: project.path });

it('a run is trained again', async () => {
  const { code, stdout } = await limaml('verify', 'latest');
  expect(code).toBe(0);
  expect(stdout.replace(/\s+/g, ' ')).toContain(
    'repeats itself: all 2 epochs came out the same to the last digit.',
  );
  expect(stdout).toContain('the same bytes');
});

it('an evaluation is made again, and one that was forged with its checksum does not come out', async () => {
  const evaluated = await limaml(
    'eval',
    'latest',
    '--baseline',
    'deep',
    '--refresh',
    '1d',
    '--set',
    'evaluation.bootstrap.replicates=200',
  );
  expect(evaluated.code, evaluated.stderr).toBe(0);
  const whole = await limaml('verify', 'latest', '--json');
  expect(whole.code, whole.stderr).toBe(0);
  const { evaluation } = JSON.parse(whole.stdout) as { evaluation: { values: number; largest: number } };
  expect(evaluation).toMatchObject({ largest: 0, parted: null });
  expect(evaluation.values).toBeGreaterThan(300);
  const file = join(run, 'eval.json');
  const text = readFileSync(file, 'utf8');
  const { sha256: _, ...stored } = JSON.parse(text) as Stored;
  stored.comparisons[0]!.delta += 1e-9;
  writeFileSync(file, JSON.stringify({ ...stored, sha256: hashJson(stored) }));
  const { code, stderr } = await limaml('verify', 'latest', '--epochs', '1');
  expect(code).toBe(1);
  expect(stderr).toContain('VERIFY_EVALUATION_DIFFERS');
  expect(stderr.replace(/\s+/g, ' ')).toMatch(/comparisons › deep \w+ › delta -?\d/);
  writeFileSync(file, text);
  // What lies beside it is held to what it says.
  const scores = readFileSync(join(run, 'scores.parquet'));
  writeFileSync(join(run, 'scores.parquet'), scores.subarray(0, scores.length - 1));
  expect(await limaml('verify', 'latest', '--epochs', '1')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('RUN_DAMAGED'),
  });
  writeFileSync(join(run, 'scores.parquet'), scores);
});

it('a bundle is held to its hashes, its support rows and its run', async () => {
  const { code, stdout } = await limaml('verify', 'bundle', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    kind: 'bundle',
    refreshed: false,
    vectors: 40,
    kinks: null,
    againstRun: { rows: 160, kinks: null },
  });
  const file = join(project.path, 'bundle', 'prior.json');
  const whole = readFileSync(file);
  writeFileSync(file, `${whole.toString()} `);
  expect(await limaml('verify', 'bundle')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('BUNDLE_DAMAGED'),
  });
  writeFileSync(file, whole);
});

it('prepared data is held to its format', async () => {
  const [name] = readdirSync(join(project.path, 'prepared'));
  expect(await limaml('verify', `prepared/${name}`)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('every file and row keeps the format'),
  });
});

it('a record that was forged does not come out again', async () => {
  const metrics = readFileSync(join(run, 'metrics.jsonl'), 'utf8').replace(/"auc":0\.\d/, '"auc":0.9');
  writeFileSync(join(run, 'metrics.jsonl'), metrics);
  const { sha256: _, ...done } = JSON.parse(readFileSync(join(run, 'DONE'), 'utf8')) as {
    sha256: string;
    files: Record<string, string>;
  };
  done.files['metrics.jsonl'] = hashBytes(Buffer.from(metrics));
  writeFileSync(join(run, 'DONE'), JSON.stringify({ ...done, sha256: hashJson(done) }));
  const { code, stderr } = await limaml('verify', 'latest');
  expect(code).toBe(1);
  expect(stderr).toContain('VERIFY_DIFFERS');
  expect(stderr.replace(/\s+/g, ' ')).toContain('valid auc 0.9');
  expect(stderr.replace(/\s+/g, ' ')).toContain('Nothing that is recorded has changed');
});
