// `limaml eval --bundle`: a verdict on new events, its floor, and what is refused.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readManifest, writeManifest } from '../../src/bundle/format/manifest.js';
import { exportBundle } from '../../src/export/export-bundle.js';
import { deep } from '../../src/models/deep.js';
import { silent } from '../../src/progress.js';
import { randomStream } from '../../src/random.js';
import { SELECT_ROLES } from '../../src/scoring/learning-rows.js';
import {
  buildSmall,
  smallExecution,
  smallTraining,
  train,
} from '../../src/testing/subject/small-training.js';
import { BUNDLE } from '../bundle/committed-bundle.js';
import { plain, prep, temporaryFolder } from '../prep/prep-harness.js';
import { runMain } from './in-process.js';
import type { Outcome } from './run-limaml.js';

/** After every event of the bundle. */
const LATER = 1_700_000_000_000;

let folder: string;
/** Of each event. */
let entities: readonly string[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'limaml-verdict-'));
  cpSync(BUNDLE, join(folder, 'bundle'), { recursive: true });
  const stream = randomStream(5, 'new day');
  const events = Array.from({ length: 300 }, (_, n) => {
    const label = stream.uniform() < 0.4 ? 1 : 0;
    return `m${1 + stream.integer(40)},f${1 + stream.integer(8)},${LATER + n * 60_000},${label},${stream.integer(9)}`;
  });
  entities = [...events, events[0]!].map((line) => line.split(',')[0]!);
  const text = ['entity,item,timestamp_ms,label,price', ...events, events[0]].join('\n');
  writeFileSync(join(folder, 'day2.csv'), `${text}\n`);
  writeFileSync(join(folder, 'strange.csv'), text.replaceAll(',f', ',film-'));
  writeFileSync(join(folder, 'early.csv'), `${text}\nm1,f1,1601123235000,1,3\n`);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const FAST = ['--set', 'evaluation.bootstrap.replicates=200'];
const verdict = (...flags: readonly string[]): Promise<Outcome> =>
  runMain(['eval', '--bundle', 'bundle', '--events', 'day2.csv', '--quiet', ...FAST, ...flags], {
    cwd: folder,
  });

async function copyWith(name: string, change: (content: never) => object): Promise<void> {
  cpSync(BUNDLE, join(folder, name), { recursive: true });
  const { format: _f, version: _v, hash: _h, files: _s, ...content } = await readManifest(join(folder, name));
  await writeManifest(join(folder, name), change(content as never) as never);
}

describe('a verdict', () => {
  it('has metrics of refreshed and stale vectors on the same rows, and fails under a floor', async () => {
    const { code, stdout, stderr } = await verdict('--refresh', '1h', '--min-auc', '0.99', '--json');
    expect(code).toBe(1);
    expect(stderr).toMatch(/EVAL_BELOW_FLOOR/);
    const result = JSON.parse(stdout) as {
      rows: number;
      models: { model: string; metrics: { auc: { value: number; interval: { low: number } } } }[];
      comparisons: { metric: string; verdict: string }[];
      floor: { value: number };
    };
    expect(result).toMatchObject({ rows: 301, refresh: '1h', floor: { auc: 0.99, passed: false } });
    expect(result.models.map(({ model }) => model)).toEqual([
      expect.stringMatching(/^limaml [0-9a-f]{6} 1h$/),
      expect.stringMatching(/^limaml [0-9a-f]{6} as it is$/),
    ]);
    const [fresh, stale] = result.models.map(({ metrics }) => metrics.auc);
    expect(fresh!.interval.low).toBeLessThan(fresh!.value);
    expect(fresh!.value).not.toBe(stale!.value);
    expect(result.floor.value).toBe(fresh!.value);
    expect(result.comparisons.filter(({ metric }) => metric === 'auc')).toHaveLength(1);
  });

  it('of two bundles is paired, and is told in words', async () => {
    await copyWith('other', (content: { limaml: string }) => ({ ...content, limaml: 'other' }));
    const { code, stdout, stderr } = await verdict('--baseline', 'other', '--min-auc', '0.1');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^events +301 of 40 entities, .* positive \(day2\.csv\)$/m);
    expect(stdout).toMatch(/^floor +AUC 0\.1: passed with 0\.\d{4}$/m);
    expect(stdout).toMatch(/^AUC +limaml \w{6} +0\.\d{4} +0\.\d{4} to 0\.\d{4}$/m);
    // The same vectors and graphs: no difference at all.
    expect(stdout).toMatch(/limaml \w{6} vs limaml \w{6} +AUC +\+0\.0000 .*undecided/);
  });

  it('counts events of items and members that the tables know nothing of', async () => {
    // Of the 40 members the bundle knows 36.
    expect((await verdict()).stdout).toMatch(
      /^not known +\d+ events without features: .* of their entity\n/m,
    );
    const { code, stdout } = await verdict('--events', 'strange.csv', '--json');
    const { unknown } = JSON.parse(stdout) as { unknown: { entity: number; item: number } };
    expect({ code, items: unknown.item }).toEqual({ code: 0, items: 301 });
    expect(unknown.entity).toBe(entities.filter((id) => Number(id.slice(1)) > 36).length);
    const told = (await verdict('--events', 'strange.csv')).stdout;
    for (const [side, rows] of Object.entries(unknown))
      expect(told).toContain(`${rows} events without features: the tables have nothing of their ${side}`);
  });

  it('is refused where it would mean nothing', async () => {
    await copyWith('dropping', (content: { descriptor: object }) => ({
      ...content,
      descriptor: { ...content.descriptor, duplicates: 'drop' },
    }));
    const refused: readonly (readonly [readonly string[], RegExp])[] = [
      [['--baseline', 'bundle'], /^error EVAL_SAME_BUNDLE/],
      [['--baseline', 'dropping'], /^error EVAL_ROWS_DIFFER/],
      [['--events', 'early.csv'], /^error EVENTS_NOT_LATER {2}early\.csv\n {2}1 of 302 events/],
      [['--min-auc', 'high'], /^error USAGE .*\n.*"high" is none/],
      [['--events', 'none.csv'], /^error FILE_MISSING/],
    ];
    for (const [flags, pattern] of refused)
      expect(await verdict(...flags)).toMatchObject({ code: 2, stderr: expect.stringMatching(pattern) });
    for (const args of [
      ['eval', '--bundle', 'bundle'],
      ['eval', 'latest', '--events', 'day2.csv'],
    ])
      expect(await runMain([...args, '--quiet'], { cwd: folder })).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/^error USAGE {2}limaml eval/),
      });
  });
});

it('of a model that adapts nothing has no vectors to refresh, and no segments by what it does not use', async () => {
  const log = await temporaryFolder();
  const rows = Array.from(
    { length: 200 },
    (_, n) => `u${n % 10},i${(n * 7) % 9},${1_600_000_000 + n * 60},${n % 3 === 0 ? 1 : 0}`,
  );
  await log.write('events.csv', `${['user,item,time,label', ...rows].join('\n')}\n`);
  const { dataset } = await prep(log, plain());
  const model = buildSmall(deep, dataset, {});
  const { state } = await train(model, dataset, smallTraining({ epochs: 1 }));
  await exportBundle({
    model,
    state,
    dataset,
    roles: SELECT_ROLES,
    execution: smallExecution(),
    run: { id: 'r', options: {}, configHash: '', checkpoint: { file: 'none', sha256: '' } },
    through: 'test',
    outDirectory: join(folder, 'deep'),
    progress: silent,
  });
  const lines = rows.map((row) => row.replace(/,16/, ',17'));
  writeFileSync(join(folder, 'deep.csv'), `${['user,item,time,label', ...lines].join('\n')}\n`);
  const args = ['eval', '--bundle', 'deep', '--events', 'deep.csv', '--quiet', '--json', ...FAST];
  const { stdout } = await runMain(args, { cwd: folder });
  expect(JSON.parse(stdout)).toMatchObject({ rows: 200, models: [{ segments: [] }] });
  const refused = await runMain([...args, '--refresh', '1d'], { cwd: folder });
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/EVAL_NOTHING_TO_REFRESH/) });
  const stored = await runMain([...args, '--vectors', 'int8'], { cwd: folder });
  expect(stored).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/EVAL_VECTORS .*\n.*adapts nothing/),
  });
  await log.remove();
});
