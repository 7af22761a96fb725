// `limaml sweep` through the whole command line: trained for real, written down, gone on with, shown.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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
  expect(page).toContain('The best so far');
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

it('pages lead to each other where they are there', async () => {
  const { path: cwd } = project;
  const experiment = join(cwd, 'experiments/tiny');
  expect((await runMain(['train', 'tiny', '--set', 'training.epochs=1'], { cwd })).code).toBe(0);
  expect((await runMain(['report', 'tiny'], { cwd })).code).toBe(0);
  const measured = await runMain(['report', 'latest', '--importance', '--json'], { cwd });
  expect(measured.code, measured.stderr).toBe(0);
  const { path, run } = JSON.parse(measured.stdout) as { path: string; run: string };
  const own = await readFile(path, 'utf8');
  expect(own).toContain('<a href="../report.html">all runs of tiny</a>');
  expect(own).toMatch(/<a href="..\/..\/sweeps\/[0-9a-f]+\/sweep.html">/);
  expect(own).toContain('What each feature is worth');
  expect((await runMain(['report', 'tiny'], { cwd })).code).toBe(0);
  const whole = await readFile(join(experiment, 'runs/report.html'), 'utf8');
  expect(whole).toContain(`<a href="${run}/report.html"><code>${run}</code></a>`);
  // Elsewhere the addresses are those from there.
  expect((await runMain(['report', 'latest', '--out', 'my page.html'], { cwd })).code).toBe(0);
  expect(await readFile(join(cwd, 'my page.html'), 'utf8')).toContain(
    '<a href="experiments/tiny/runs/report.html">',
  );
  const stored = JSON.parse(await readFile(join(dirname(path), 'importance.json'), 'utf8')) as object;
  await writeFile(join(dirname(path), 'importance.json'), JSON.stringify({ ...stored, trained: 'another' }));
  expect((await runMain(['report', run], { cwd })).stderr).toContain('RUN_DAMAGED');
  // What it says to do about it helps.
  expect((await runMain(['report', run, '--importance'], { cwd })).code).toBe(0);
});

it('what features are worth is not asked of a run that has no model', async () => {
  const { path: cwd } = project;
  const latest = JSON.parse((await runMain(['runs', '--json'], { cwd })).stdout) as {
    runs: { path: string }[];
  };
  const { path } = latest.runs.at(-1)!;
  await rm(join(path, 'DONE'));
  const refused = await runMain(['report', path, '--importance'], { cwd });
  expect(refused.stderr).toContain('IMPORTANCE_UNFINISHED');
});
