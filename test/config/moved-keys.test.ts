// Keys that were moved are read at their old place, with a word; two values for one thing are refused.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkRecipe } from '../../src/config/check-recipe.js';
import { type LoadedRecipe, loadRecipe, type RecipeRequest } from '../../src/config/load-recipe.js';
import { executionSchema } from '../../src/engine/execution-config.js';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'limaml-moved-'));
});
afterAll(() => rm(cwd, { recursive: true }));

async function load(more: string, request: Partial<RecipeRequest> = {}): Promise<LoadedRecipe> {
  const text = `name: demo\ndataset: synthetic\nmodel: { name: limaml }\n${more}`;
  await writeFile(join(cwd, 'recipe.yaml'), text);
  return loadRecipe({ recipe: 'recipe.yaml', cwd, ...request });
}

it('reads every option of execution under training, with its place and a note', async () => {
  const { recipe, origins, notes } = await load(
    'training:\n  epochs: 3\n  backend: tfjs\n  device: cpu\n  workers: 5\n  tileRows: 64\n',
  );
  expect(recipe.execution).toEqual({ backend: 'tfjs', device: 'cpu', workers: 5, tileRows: 64 });
  expect(Object.keys(recipe.execution)).toEqual(Object.keys(executionSchema.shape));
  expect(recipe.training.epochs).toBe(3);
  expect(recipe.training).not.toHaveProperty('workers');
  expect(origins).toMatchObject({
    'execution.backend': 'recipe.yaml:6:3',
    'execution.workers': 'recipe.yaml:8:3',
    'training.epochs': 'recipe.yaml:5:3',
  });
  expect(notes).toEqual([
    'training.backend is execution.backend now; the old key is still read',
    'training.device is execution.device now; the old key is still read',
    'training.workers is execution.workers now; the old key is still read',
    'training.tileRows is execution.tileRows now; the old key is still read',
  ]);
});

it('says nothing of a recipe in the new words', async () => {
  const { recipe, notes } = await load('execution: { workers: 1 }\n');
  expect([recipe.execution.workers, notes]).toEqual([1, []]);
});

it('lets a flag win over the file, whichever of the two keys either uses', async () => {
  for (const [file, set] of [
    ['training: { workers: 1 }\n', 'training.workers=3'],
    ['training: { workers: 1 }\n', 'execution.workers=3'],
    ['execution: { workers: 1 }\n', 'training.workers=3'],
    ['execution: { workers: 1 }\n', 'training={epochs: 4, workers: 3}'],
  ] as const) {
    const { recipe, origins } = await load(file, { set: [set] });
    expect(recipe.execution.workers).toBe(3);
    expect(origins['execution.workers']).toBe(`--set ${set}`);
    if (set.includes('epochs')) expect(recipe.training.epochs).toBe(4);
  }
});

it('takes the same value twice, and refuses two values', async () => {
  const same = await load('training: { workers: 1 }\nexecution: { workers: 1 }\n');
  expect(same.recipe.execution.workers).toBe(1);
  await expect(load('training: { workers: 1 }\nexecution: { workers: 2 }\n')).rejects.toMatchObject({
    errors: [
      {
        code: 'CONFIG_RULE',
        where: 'recipe.yaml:4:13 › training.workers',
        what: '"training.workers" is "execution.workers" now, and that is given too, with another value.',
      },
    ],
  });
});

it('reads the recipe that an older run was trained with', () => {
  const tree = { name: 'demo', dataset: 'd', model: { name: 'limaml' }, training: { device: 'cuda' } };
  expect(checkRecipe(tree).recipe?.execution.device).toBe('cuda');
  const twice = checkRecipe({ ...tree, execution: { device: 'cpu' } });
  expect(twice.faults.map(({ path }) => path)).toEqual([['training', 'device']]);
});
