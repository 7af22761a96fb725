// One setting from start to result, with engines that are a few lines of the protocol: agreement comes before any time.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measureSetting, type SettingResult } from '../../bench/compare/measure-setting.js';
import { ratios, settingReport } from '../../bench/compare/report.js';
import type { EngineSpec } from '../../bench/engines/engine-list.js';
import { denseWeights } from '../../bench/workloads/dense-meta.js';
import { type Setting, workloadFolder } from '../../bench/workloads/settings.js';
import { CheckFailed, UserError } from '../../src/errors.js';

/** An engine whose steps take `ms` and whose every check is `value`. */
const engine = (ms: number, value: number, count = 20): string => `
const say = (event) => console.log(JSON.stringify(event));
say({ event: 'ready', version: '1', checks: Array(${count}).fill(${value}) });
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const [request, count] = line.split(' ');
  if (request === 'peak') say({ event: 'peak', gflops: 100 });
  else say({ event: 'timed', msPerStep: Array(Number(count)).fill(${ms}), cpu: 1, others: 0 });
}).on('close', () => say({ event: 'done', peakRssMb: 50 }));
`;

const scripts = {
  'ours.cjs': engine(10, 0.5),
  'slow.cjs': engine(10_000, 0.5),
  'twice.cjs': engine(20, 0.50005),
  'off.cjs': engine(20, 0.5002),
  'short.cjs': engine(20, 0.5, 19),
  'dies.cjs': 'console.error("no such device"); process.exit(7);',
};

const setting: Setting = {
  name: 'tiny',
  group: 'train',
  title: 'one task',
  unit: 'tasks',
  perStep: 1,
  build: () => ({
    setting: 'tiny',
    kind: 'meta-dense',
    numbers: { tasks: 1, support: 1, query: 1, innerSteps: 1, embedding: 32 },
    arrays: denseWeights(),
    batches: [{ ys: { shape: [1, 1], data: new Float32Array(1) } }],
  }),
};

let built: string;
let workload: string;

beforeAll(() => {
  built = mkdtempSync(join(tmpdir(), 'limaml-bench-test-'));
  mkdirSync(join(built, 'engines'));
  mkdirSync(join(built, 'workloads'));
  writeFileSync(join(built, 'workloads', 'only.js'), '// what the folder of the arrays is named after');
  for (const [name, text] of Object.entries(scripts)) writeFileSync(join(built, 'engines', name), text);
  workload = workloadFolder(setting, join(built, 'workloads'));
});

afterAll(() => {
  rmSync(built, { recursive: true });
  rmSync(workload, { recursive: true });
});

const spec = (script: keyof typeof scripts, family: EngineSpec['family']): EngineSpec => ({
  name: script.replace('.cjs', ''),
  family,
  title: '',
  kinds: ['meta-dense'],
  script,
});

const given = {
  threads: [1],
  only: [],
  rounds: 3,
  roundMs: 20,
  note: () => {},
  places: { root: '', built: '' },
};

const measure = (...specs: EngineSpec[]): Promise<SettingResult> =>
  measureSetting(setting, { ...given, places: { root: built, built }, specs });

const failure = (...specs: EngineSpec[]): Promise<unknown> =>
  measure(...specs).then(
    () => undefined,
    (error: unknown) => error,
  );

describe('measureSetting', () => {
  it('times engines that agree, and says by how much ours leads', async () => {
    const result = await measure(spec('ours.cjs', 'limaml'), spec('twice.cjs', 'pytorch'));
    expect(
      result.engines.map(({ engine, medianMs, cpuMs, perSecond }) => [engine, medianMs, cpuMs, perSecond]),
    ).toEqual([
      ['ours', 10, 10, 100],
      ['twice', 20, 20, 50],
    ]);
    expect(result.engines[0]!.roundMs.length).toBe(3);
    expect(result.largestDifference).toBeCloseTo(5e-5, 10);
    expect(ratios(result).join()).toContain('ours on 1 thread is 2.00 times as fast as twice on 1 thread');
    expect(settingReport(result)).toContain('20 losses agree to 0.0001');
  });

  it('times each part of a whole once, as many as the rows asked for fill', async () => {
    const parted = { ...setting, perStep: 50, parts: 4 };
    const options = { ...given, places: { root: built, built }, specs: [spec('slow.cjs', 'limaml')] };
    const result = await measureSetting(parted, { ...options, rows: 101 });
    expect(result.engines[0]!.roundMs).toEqual([10_000, 10_000, 10_000]);
    expect(settingReport(result)).toMatch(/ s in all +CPU s in all$[\s\S]* 30\.0 +30\.0$/m);
    expect((await measureSetting(parted, options)).parts).toBe(4);
    const more = measureSetting(parted, { ...options, rows: 201 });
    await expect(more).rejects.toMatchObject({ code: 'BENCH_BAD_FLAG' });
  });

  it('on a card that is not there: ours ends the benchmark, peers are skipped by name', async () => {
    const options = { ...given, places: { root: built, built }, device: 'cuda' } as const;
    const ours = measureSetting(setting, { ...options, specs: [spec('ours.cjs', 'limaml')] });
    await expect(ours).rejects.toMatchObject({ code: 'DEVICE_ABSENT', exitCode: 2 });
    const jax = { ...options, specs: [spec('twice.cjs', 'jax')] };
    const { engines, skipped } = await measureSetting(setting, jax);
    expect(engines).toEqual([]);
    expect(skipped).toEqual([{ engine: 'twice', reason: expect.stringContaining('CPU alone') }]);
  });

  it('claims no agreement for an engine alone', async () => {
    expect(settingReport(await measure(spec('ours.cjs', 'limaml')))).toContain('nothing to compare');
  });

  it.each(['off.cjs', 'short.cjs'] as const)('times nothing when the numbers differ: %s', async (script) => {
    const error = await failure(spec('ours.cjs', 'limaml'), spec(script, 'jax'));
    expect(error).toBeInstanceOf(CheckFailed);
    expect((error as CheckFailed).code).toBe('ENGINES_DISAGREE');
    expect((error as CheckFailed).message).toContain(script.replace('.cjs', ' × 1 gives'));
  });

  it('names a peer that does not start, with its last words; ours is a bug of ours', async () => {
    const peer = await failure(spec('ours.cjs', 'limaml'), spec('dies.cjs', 'pytorch'));
    expect(peer).toBeInstanceOf(UserError);
    expect((peer as UserError).message).toMatch(/dies.*ended with 7: no such device/);
    const own = await failure(spec('dies.cjs', 'limaml'));
    expect(own).toBeInstanceOf(Error);
    expect(own).not.toBeInstanceOf(UserError);
  });
});
