// The main job, its longer steps through the real program: prep, train, eval, runs; what is printed where; stopping and going on.
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runMain } from './in-process.js';
import { limaml, type Outcome, type RunOptions } from './run-limaml.js';
import { type Project, smallProject } from './small-project.js';

let project: Project;
beforeAll(async () => {
  project = await smallProject();
});
afterAll(() => project.remove());

const run = (args: readonly string[], options: RunOptions = {}): Promise<Outcome> =>
  limaml(args, { cwd: project.path, ...options });

/** The same in this process. */
const here = (args: readonly string[]): Promise<Outcome> => runMain(args, { cwd: project.path });

async function json(args: readonly string[], how = run): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await how([...args, '--json']);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('the main job', () => {
  it('preps: counts that can be checked by hand, and nothing is done twice', async () => {
    const first = await json(['prep', 'tiny']);
    expect(first).toMatchObject({ dataset: 'tiny', rows: 800, entities: 40, items: 30, reused: false });
    const splits = first['splits'] as Record<string, { rows: number }>;
    expect(Object.keys(splits)).toEqual(['train', 'valid', 'test']);
    expect(splits['test']!.rows).toBe(160);
    expect(await json(['prep', 'datasets/tiny.yaml'], here)).toMatchObject({
      path: first['path'],
      hash: first['hash'],
      reused: true,
    });
  });

  it('trains into a run folder, evaluates it against a baseline that it trains once, and lists the runs', async () => {
    const trained = await json(['train', 'tiny', '--set', 'training.epochs=3', '--seed', '5']);
    expect(trained).toMatchObject({
      model: 'limaml',
      dataset: 'tiny',
      seed: 5,
      epochs: 3,
      best: { epoch: expect.any(Number), auc: expect.any(Number) },
    });
    const path = trained['path'] as string;
    expect(readdirSync(path).sort()).toEqual([
      'DONE',
      'checkpoint',
      'config.json',
      'metrics.jsonl',
      'provenance.json',
      'supports.json',
      'timings.jsonl',
    ]);

    const evaluated = await json(['eval', 'latest', '--baseline', 'widedeep']);
    expect(evaluated).toMatchObject({
      run: trained['run'],
      rows: 160,
      models: [
        { model: 'limaml', run: trained['run'], metrics: { auc: { value: expect.any(Number) } } },
        { model: 'widedeep' },
      ],
    });
    const comparisons = evaluated['comparisons'] as Record<string, unknown>[];
    expect(comparisons[0]).toMatchObject({
      baseline: 'widedeep',
      metric: 'auc',
      delta: expect.any(Number),
      low: expect.any(Number),
      high: expect.any(Number),
      verdict: expect.stringMatching(/^(better|worse|undecided)$/),
    });
    expect(existsSync(evaluated['scores'] as string)).toBe(true);

    const { runs } = await json(['runs'], here);
    expect(runs).toHaveLength(2);
    expect(await json(['runs', 'show', trained['run'] as string], here)).toMatchObject({
      state: 'finished',
      config: { origins: { seed: '--seed 5', 'training.epochs': '--set training.epochs=3' } },
      provenance: { command: ['train', 'tiny', '--set', 'training.epochs=3', '--seed', '5', '--json'] },
    });
  });

  it('shows tables on standard output, progress by line on standard error, and colours in neither', async () => {
    const evaluated = await here(['eval', 'tiny/latest']);
    expect(evaluated.code).toBe(0);
    expect(evaluated.stdout).toMatch(/^model +AUC +.*group AUC +log loss +norm\. entropy +calib\. error$/m);
    expect(evaluated.stderr).toMatch(/^score \w+ {2}160 test rows$/m);
    const trained = await here(['train', 'tiny', '--model', 'deep']);
    expect(trained.stderr).toMatch(/^ {2}epoch 1\/2 {2}loss \d\.\d{4} {2}valid AUC \d\.\d{4}/m);
    for (const text of [evaluated.stdout, evaluated.stderr, trained.stderr]) {
      expect(text).not.toContain('\u001b');
      expect(text).not.toContain('\r');
    }
    expect((await here(['eval', 'latest', '--quiet'])).stderr).toBe('');
  });

  it('writes the same bytes again for the same seed, in another process, too', async () => {
    const paths = [await json(['train', 'tiny']), await json(['train', 'tiny'], here)].map(
      (result) => result['path'] as string,
    );
    expect(paths[0]).not.toBe(paths[1]);
    for (const file of ['checkpoint/model.safetensors', 'metrics.jsonl']) {
      const [first, second] = await Promise.all(paths.map((path) => readFile(join(path, file))));
      expect(first!.equals(second!)).toBe(true);
    }
  });
});

describe('stopping', () => {
  it('leaves a run that --resume continues to the bytes of an uninterrupted one', async () => {
    const set = ['--set', 'training.epochs=12', '--set', 'training.patience=12', '--seed', '9'];
    const stopped = await run(['train', 'tiny', ...set], { interruptAt: /epoch +2\/12/ });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(
      /^interrupted\nrun \S+ is kept up to its last epoch; the same command with --resume continues it$/m,
    );
    const { runs } = (await json(['runs'], here)) as { runs: { id: string; state: string; path: string }[] };
    const interrupted = runs.filter(({ state }) => state === 'interrupted');
    expect(interrupted).toHaveLength(1);
    expect(readdirSync(join(interrupted[0]!.path, '..')).filter((name) => name.startsWith('.'))).toEqual([]);

    const resumed = await json(['train', 'tiny', ...set, '--resume']);
    expect(resumed).toMatchObject({ run: interrupted[0]!.id, resumed: true, epochs: 12 });
    const whole = await json(['train', 'tiny', ...set], here);
    for (const file of ['checkpoint/model.safetensors', 'metrics.jsonl']) {
      const [first, second] = await Promise.all(
        [resumed, whole].map((result) => readFile(join(result['path'] as string, file))),
      );
      expect(first!.equals(second!)).toBe(true);
    }
  });
});
