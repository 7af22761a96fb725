// `limaml results` through the whole command line: seeds trained once, protocols measured once, tables, figure and JSON that say the same.
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunEvaluation } from '../../src/runs/evaluation.js';
import { loadPlan, type PlanOptions } from '../../src/workflows/results/plan.js';
import type { ExperimentResults } from '../../src/workflows/results/results.js';
import { runMain } from './in-process.js';
import { type Project, smallProject } from './small-project.js';

let project: Project;
beforeAll(async () => {
  project = await smallProject();
});
afterAll(() => project.remove());

it('puts two seeds together under three protocols, trains and measures nothing twice, and goes on where it was stopped', async () => {
  const { path: cwd } = project;
  const recipe = await readFile(join(cwd, 'experiments/tiny/experiment.yaml'), 'utf8');
  const section =
    'results: { refresh: [7d], retrain: 2d, retrained: [widedeep], variants: { plain: { model.inner.steps: 0 } } }\n';
  await project.write(
    'experiments/tiny/experiment.yaml',
    recipe.replace('baselines:\n', 'baselines:\n  rates: {}\n') + section,
  );
  const args = ['results', 'tiny', '--seeds', '2', '--data', 'raw', '--set', 'training.epochs=1'];
  const first = await runMain([...args, '--json'], { cwd });
  expect(first.code, first.stderr).toBe(0);
  const { experiments } = JSON.parse(first.stdout) as { experiments: readonly ExperimentResults[] };
  const [tiny] = experiments;
  expect(tiny).toMatchObject({ experiment: 'tiny', model: 'limaml', seeds: [1, 2] });
  const others = ['rates', 'widedeep', 'limaml (plain)'];
  expect(tiny!.protocols.map(({ protocol, models }) => [protocol, models.map(({ model }) => model)])).toEqual(
    [
      ['frozen', ['limaml', ...others]],
      ['refresh=7d', ['limaml', ...others, 'limaml, frozen']],
      ['refresh=2d,retrain=2d,retrained=baselines', ['limaml', 'widedeep', 'limaml, frozen']],
    ],
  );
  const runs = join(cwd, 'experiments/tiny/runs');
  const ids = await readdir(runs);
  expect(ids).toHaveLength(8);
  // The baseline alone was trained again.
  const [run] = tiny!.runs;
  const retrained = await Promise.all(
    ids.map(async (id) => ((await readdir(join(runs, id))).includes('retrained') ? [id] : [])),
  );
  expect(retrained.flat()).toHaveLength(2);
  expect(retrained.flat()).not.toContain(run);
  // No variant and no baseline is the latest run.
  const shown = await runMain(['runs', 'show', 'latest', '--json'], { cwd });
  expect(JSON.parse(shown.stdout)).toMatchObject({ id: tiny!.runs[1] });

  // The mean is that of the runs' own evaluations, and so is the difference.
  const evaluations: RunEvaluation[] = [];
  for (const id of tiny!.runs) {
    const evaluated = await runMain(
      [
        'eval',
        id,
        '--baseline',
        'rates',
        '--baseline',
        'widedeep',
        '--refresh',
        '7d',
        '--no-curves',
        '--json',
      ],
      { cwd },
    );
    expect(evaluated.code, evaluated.stderr).toBe(0);
    evaluations.push(JSON.parse(evaluated.stdout) as RunEvaluation);
  }
  for (const [place, of] of [
    [0, (one: RunEvaluation) => one.models],
    [1, (one: RunEvaluation) => one.replays[0]!.models],
  ] as const) {
    const auc = (model: number): number =>
      evaluations.reduce((sum, one) => sum + of(one)[model]!.metrics['auc']!.value!, 0) / 2;
    const [limamlRow, , wideRow] = tiny!.protocols[place]!.models;
    expect(limamlRow!.numbers[0]!.mean).toBeCloseTo(auc(0), 12);
    expect(wideRow!.difference![0]!.mean).toBeCloseTo(auc(0) - auc(2), 12);
  }

  // Stopped before the last protocol of the second seed, and within a training: only that is made.
  const measured = join(runs, tiny!.runs[1]!, 'measured');
  const pieces = await readdir(measured);
  expect(pieces).toHaveLength(3);
  await rm(join(measured, pieces[0]!));
  const plain = ids.at(-1)!;
  await rm(join(runs, plain, 'DONE'));
  const again = await runMain(args, { cwd });
  expect(again.code, again.stderr).toBe(0);
  expect(await readdir(runs)).toEqual(ids);
  expect(again.stderr.match(/measured before/g)).toHaveLength(5);
  expect(again.stderr.match(/an interrupted training is taken up/g)).toHaveLength(1);
  const markdown = await readFile(join(cwd, 'RESULTS.md'), 'utf8');
  expect(markdown).toContain(`Written by \`limaml ${args.join(' ')}\``);
  const auc = tiny!.protocols[2]!.models[0]!.numbers[0]!.mean.toFixed(4);
  expect(markdown).toMatch(
    /\| recipe \| protocol \| AUC \| Δ AUC to `widedeep` \| Δ group AUC to `widedeep` \|/,
  );
  expect(markdown).toContain(`| tiny | refresh=2d, baselines retrained every 2d | ${auc} ± `);
  expect(markdown).toContain(', seeds 1, 2, 95 % intervals');
  const single = args.map((arg, place) => (args[place - 1] === '--seeds' ? '1' : arg));
  expect(await runMain([...single, '--out', 'one.md'], { cwd })).toMatchObject({ code: 0 });
  expect(await readFile(join(cwd, 'one.md'), 'utf8')).toContain(
    '**seed 1 alone, so the intervals cover other',
  );
  expect(await readFile(join(cwd, 'RESULTS.svg'), 'utf8')).toMatch(/^<svg xmlns=.*<\/svg>\n$/s);

  await project.write('experiments/alone/experiment.yaml', recipe.replace(/baselines:\n.*\n/, ''));
  const alone = await runMain(['results', 'alone'], { cwd });
  expect(alone.code).toBe(2);
  expect(alone.stderr).toContain('RESULTS_NO_BASELINE');
  await project.write(
    'experiments/named/experiment.yaml',
    `${recipe}results: { retrain: 2d, retrained: [deep] }\n`,
  );
  const named = await runMain(['results', 'named'], { cwd });
  expect(named.stderr).toContain('results.retrained names deep');
});

it('has the placebo and k = 0 beside limaml unless it is told otherwise, and no flag of that kind in a recipe', async () => {
  const { path: cwd } = project;
  const plan = (options: Partial<PlanOptions>) =>
    loadPlan('tiny', cwd, { refresh: undefined, retrain: undefined, noVariants: false, set: [], ...options });
  const recipe = (await readFile(join(cwd, 'experiments/tiny/experiment.yaml'), 'utf8')).replace(
    /results:.*\n/,
    '',
  );
  await project.write('experiments/tiny/experiment.yaml', recipe);
  const { variants, section } = await plan({});
  expect(section).toMatchObject({ refresh: ['1d', 'event'], retrain: 'none' });
  expect(variants.map(({ name }) => name)).toEqual([
    'placebo within members',
    'placebo across members',
    'k = 0',
  ]);
  const [placebo, across, none] = variants.map(({ experiment }) => experiment.loaded.recipe);
  expect(placebo!.training.shuffleSupport).toBe(true);
  expect(across!.training.shuffleSupport).toBe('members');
  expect(none!.model).toMatchObject({ name: 'limaml', inner: { steps: 0 } });
  expect((await plan({ noVariants: true })).variants).toEqual([]);
  expect((await plan({ set: ['model.inner.steps=0'] })).variants).toEqual([]);
  expect((await plan({ refresh: ['1h'], retrain: '1d' })).section).toMatchObject({
    refresh: ['1h'],
    retrain: '1d',
  });
  await project.write(
    'experiments/tiny/experiment.yaml',
    `${recipe}results: { variants: { seeded: { seed: 2 } } }\n`,
  );
  await expect(plan({})).rejects.toThrow('by dotted keys under model, training or features');
});
