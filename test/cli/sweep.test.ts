// `limaml sweep` through the whole command line: trained for real, written down, gone on with, shown.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Leaderboard } from '../../src/workflows/sweep/leaderboard.js';
import { runMain } from './in-process.js';
import { type Project, smallProject } from './small-project.js';

let project: Project;
beforeAll(async () => {
  project = await smallProject();
});
afterAll(() => project.remove());

it('ranks trials of two models on validation rows, writes a page, and leaves `latest` alone', async () => {
  const { path: cwd } = project;
  const recipe = await readFile(join(cwd, 'experiments/tiny/experiment.yaml'), 'utf8');
  await project.write(
    'experiments/tiny/experiment.yaml',
    `${recipe}sweep: { trials: 3, space: { model.optimizer.learningRate: { log: [0.001, 0.1] } } }\n`,
  );
  const args = ['sweep', 'tiny', '--data', 'raw', '--jobs', '2', '--set', 'training.epochs=1'];
  const first = await runMain([...args, '--json'], { cwd });
  expect(first.code, first.stderr).toBe(0);
  const board = JSON.parse(first.stdout) as Leaderboard & { page: string };
  expect(board.models.map(({ model, trials }) => [model, trials.length])).toEqual([
    ['limaml', 3],
    ['widedeep', 3],
  ]);
  for (const { trials } of board.models) {
    const values = trials.map(({ value }) => value!);
    expect(values).toEqual([...values].sort((a, b) => b - a));
    expect(values.every((value) => value > 0 && value < 1)).toBe(true);
  }
  expect(await readdir(join(board.path, 'runs'))).toHaveLength(6);
  const page = await readFile(board.page, 'utf8');
  expect(page).toContain('test rows were not looked at');
  expect(page.match(/<svg/g)!.length).toBeGreaterThan(0);

  const second = await runMain([...args, '--write'], { cwd });
  expect(second.code, second.stderr).toBe(0);
  expect(second.stdout).toContain('limaml train experiments/tiny/tuned.yaml');
  const tuned = await runMain(['validate', 'experiments/tiny/tuned.yaml', '--json'], { cwd });
  expect(tuned.code, tuned.stderr).toBe(0);
  expect(await readdir(join(board.path, 'runs'))).toHaveLength(6);

  const latest = await runMain(['report', 'latest'], { cwd });
  expect(latest.code).toBe(2);
  expect(latest.stderr).toContain('RUN_MISSING');
});
