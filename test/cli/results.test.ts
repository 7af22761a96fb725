// `limaml results` through the real program: seeds trained once, tables, figure and JSON that say the same.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunEvaluation } from '../../src/runs/evaluation.js';
import type { ExperimentResults } from '../../src/workflows/results/results.js';
import { limaml } from './run-limaml.js';
import { type Project, smallProject } from './small-project.js';

let project: Project;
beforeAll(async () => {
  project = await smallProject();
});
afterAll(() => project.remove());

it('puts two seeds together under two protocols, trains nothing twice, and refuses a recipe without baselines', async () => {
  const { path: cwd } = project;
  const args = [
    'results',
    'tiny',
    '--seeds',
    '2',
    '--refresh',
    '7d',
    '--data',
    'raw',
    '--set',
    'training.epochs=1',
  ];
  const first = await limaml([...args, '--json'], { cwd });
  expect(first.code, first.stderr).toBe(0);
  const { experiments } = JSON.parse(first.stdout) as { experiments: readonly ExperimentResults[] };
  const [tiny] = experiments;
  expect(tiny).toMatchObject({ experiment: 'tiny', model: 'limaml', seeds: [1, 2] });
  expect(tiny!.protocols.map(({ protocol, models }) => [protocol, models.map(({ model }) => model)])).toEqual(
    [
      ['frozen', ['limaml', 'widedeep']],
      ['refresh=7d', ['limaml', 'widedeep', 'limaml, frozen']],
    ],
  );
  const runs = join(cwd, 'experiments/tiny/runs');
  expect(await readdir(runs)).toHaveLength(4);

  // The mean is that of the runs' own evaluations, and so is the difference.
  const evaluations = await Promise.all(
    tiny!.runs.map(
      async (run) => JSON.parse(await readFile(join(runs, run, 'eval.json'), 'utf8')) as RunEvaluation,
    ),
  );
  const auc = (place: number): number =>
    evaluations.reduce((sum, { models }) => sum + models[place]!.metrics['auc']!.value!, 0) / 2;
  const [limamlRow, wideRow] = tiny!.protocols[0]!.models;
  expect(limamlRow!.numbers[0]!.mean).toBeCloseTo(auc(0), 12);
  expect(wideRow!.difference![0]!.mean).toBeCloseTo(auc(0) - auc(1), 12);

  const again = await limaml(args, { cwd });
  expect(again.code, again.stderr).toBe(0);
  expect(await readdir(runs)).toHaveLength(4);
  const markdown = await readFile(join(cwd, 'RESULTS.md'), 'utf8');
  expect(markdown).toContain(`Written by \`limaml ${args.join(' ')}\``);
  expect(markdown).toContain(limamlRow!.numbers[0]!.mean.toFixed(4));
  expect(await readFile(join(cwd, 'RESULTS.svg'), 'utf8')).toMatch(/^<svg xmlns=.*<\/svg>\n$/s);

  const recipe = await readFile(join(cwd, 'experiments/tiny/experiment.yaml'), 'utf8');
  await project.write('experiments/alone/experiment.yaml', recipe.replace(/baselines:\n.*\n/, ''));
  const alone = await limaml(['results', 'alone'], { cwd });
  expect(alone.code).toBe(2);
  expect(alone.stderr).toContain('RESULTS_NO_BASELINE');
});
