// A recipe with several seeds: a run of each, found or taken up again, and one answer of all of them.
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadRecipe } from '../../src/config/load-recipe.js';
import { overSeeds } from '../../src/evaluation/over-seeds.js';
import type { RunEvaluation } from '../../src/runs/evaluation.js';
import type { EvaluatedSeeds } from '../../src/workflows/results/evaluate-seeds.js';
import type { TrainedSeeds } from '../../src/workflows/results/train-seeds.js';
import { runMain } from './in-process.js';
import { type Project, smallProject } from './small-project.js';

let project: Project;
let cwd: string;
beforeAll(async () => {
  project = await smallProject();
  cwd = project.path;
  const recipe = await readFile(join(cwd, 'experiments/tiny/experiment.yaml'), 'utf8');
  await project.write(
    'experiments/tiny/experiment.yaml',
    `${recipe.replace('epochs: 2', 'epochs: 1').replace('evaluation: {', 'evaluation: { replay: { refresh: 1d },')}seeds: [4, 2]\n`,
  );
});
afterAll(() => project.remove());

const ok = async (...args: string[]) => {
  const { code, stdout, stderr } = await runMain(args, { cwd });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return { said: stderr, json: () => JSON.parse(stdout), stdout };
};
const runs = () => join(cwd, 'experiments/tiny/runs');

it('is a run of each, ordinary ones, and ends with what they are worth together', async () => {
  const { json } = await ok('train', 'tiny', '--data', 'raw', '--json');
  const trained = json() as TrainedSeeds;
  expect(trained).toMatchObject({ experiment: 'tiny', model: 'limaml', runs: [{ seed: 4 }, { seed: 2 }] });
  const ids = trained.runs.map(({ run }) => run);
  expect((await readdir(runs())).toSorted()).toEqual(ids.toSorted());
  for (const { run, seed } of trained.runs) {
    const { recipe, origins } = JSON.parse(await readFile(join(runs(), run, 'config.json'), 'utf8'));
    expect(recipe).toMatchObject({ seed });
    expect(recipe).not.toHaveProperty('seeds');
    expect(origins['seed']).toMatch(/experiment\.yaml:\d+:\d+$/);
  }
  expect(trained.protocols.map(({ protocol }) => protocol)).toEqual(['frozen', 'refresh=1d']);

  // A run of one of the seeds alone is the same run.
  await ok('train', 'tiny', '--data', 'raw', '--seed', '2');
  // Runs of one second are in no order by name.
  const alone = (await readdir(runs())).find((id) => !ids.includes(id));
  const keyOf = async (id: string) =>
    JSON.parse(await readFile(join(runs(), id, 'config.json'), 'utf8')).key as string;
  expect(await keyOf(alone!)).toBe(await keyOf(ids[1]!));
  await rm(join(runs(), alone!), { recursive: true });

  // Stopped in the second one: only that is taken up.
  await rm(join(runs(), ids[1]!, 'DONE'));
  const again = await ok('train', 'tiny', '--data', 'raw');
  expect(again.said).toContain(`seed 4, 1 of 2: run ${ids[0]} of this data, options and seed is reused`);
  expect(again.said).toContain('seed 2, 2 of 2: an interrupted training is taken up');
  expect((await readdir(runs())).toSorted()).toEqual(ids.toSorted());
  expect(again.stdout).toMatch(/refresh=1d +0\.\d{4} +± 0\.\d{4} +\[0\.\d{4}, 0\.\d{4}\]/);

  // eval --seeds finds both, and the same numbers by the formula.
  const evaluated = (await ok('eval', ids[0]!, '--seeds', '--no-curves', '--json')).json() as EvaluatedSeeds;
  expect(evaluated.runs).toEqual([
    { seed: 2, run: ids[1] },
    { seed: 4, run: ids[0] },
  ]);
  const each = await Promise.all(
    ids.map(async (id) => JSON.parse(await readFile(join(runs(), id, 'eval.json'), 'utf8')) as RunEvaluation),
  );
  const estimates = each.map(({ models: [own] }, i) => {
    const { value, interval } = own!.metrics['auc']!;
    return { seed: i, value: value!, standardError: interval!.standardError };
  });
  const expected = overSeeds(estimates, 0.95);
  for (const { protocols } of [trained, evaluated]) {
    const found = protocols[0]!.models[0]!.numbers[0]!;
    for (const key of ['mean', 'deviation', 'low', 'high'] as const)
      expect(found[key]).toBeCloseTo(expected[key]!, 12);
  }
});

it('has one of them unless there are others, and is told by its name', async () => {
  const [first] = await readdir(runs());
  await rm(join(runs(), first!), { recursive: true });
  const { code, stderr } = await runMain(['eval', 'latest', '--seeds'], { cwd });
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('EVAL_ONE_SEED') });
});

it('gives way to a seed that a flag names; what takes one seed takes the first', async () => {
  const seedsOf = async (request: { readonly seed?: number; readonly set?: readonly string[] }) => {
    const { recipe, origins } = await loadRecipe({ recipe: 'tiny', cwd, ...request });
    return [recipe.seed, recipe.seeds, origins['seed']!.replace(/.*\//, '')];
  };
  expect(await seedsOf({})).toEqual([4, [4, 2], expect.stringMatching(/^experiment\.yaml:\d+:\d+$/)]);
  expect(await seedsOf({ seed: 9 })).toEqual([9, undefined, '--seed 9']);
  expect(await seedsOf({ set: ['seed=9'] })).toEqual([9, undefined, '--set seed=9']);
  expect(await seedsOf({ seed: 9, set: ['seeds=[5,6]'] })).toEqual([5, [5, 6], '--set seeds=[5,6]']);
  await expect(seedsOf({ set: ['seeds=[5,5]'] })).rejects.toThrow('each seed once');
});
