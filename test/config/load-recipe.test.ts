// The recipe pipeline: precedence and origins, and every fault reported with its place and the nearest valid key.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LoadedRecipe, loadRecipe, type RecipeRequest } from '../../src/config/load-recipe.js';
import { UserError, UserErrors } from '../../src/errors.js';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'limaml-config-'));
});
afterAll(async () => {
  await rm(cwd, { recursive: true });
});

const GOOD = `name: demo
dataset: synthetic
model:
  name: limaml
  inner:
    steps: 2
baselines:
  widedeep:
    hidden: [8]
training:
  epochs: 7
`;

async function load(text: string, request: Partial<RecipeRequest> = {}): Promise<LoadedRecipe> {
  await writeFile(join(cwd, 'recipe.yaml'), text);
  return loadRecipe({ recipe: 'recipe.yaml', cwd, ...request });
}

async function faults(text: string, request: Partial<RecipeRequest> = {}): Promise<readonly string[]> {
  const error: unknown = await load(text, request).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof UserError) return [line(error)];
  if (!(error instanceof UserErrors)) throw new Error(`expected UserErrors, got ${String(error)}`);
  return error.errors.map(line);
}

function line({ code, where, what }: UserError): string {
  return `${code} ${where} | ${what}`;
}

describe('a valid recipe', () => {
  it('fills in defaults and says where every value came from', async () => {
    const { recipe, origins } = await load(GOOD, {
      seed: 3,
      set: ['training.patience=2', 'model.inner.rate=0.5'],
    });
    expect(recipe.model).toMatchObject({ name: 'limaml', inner: { steps: 2, rate: 0.5, loss: 'shrunk' } });
    expect(recipe.training).toMatchObject({ epochs: 7, patience: 2 });
    expect(recipe.seed).toBe(3);
    expect(origins).toMatchObject({
      name: 'recipe.yaml:1:1',
      'model.inner.steps': 'recipe.yaml:6:5',
      'model.inner.rate': '--set model.inner.rate=0.5',
      'model.inner.loss': 'default',
      'baselines.widedeep.hidden': 'recipe.yaml:9:5',
      'training.epochs': 'recipe.yaml:11:3',
      'training.patience': '--set training.patience=2',
      seed: '--seed 3',
    });
  });

  it('reads back what it resolved to the same values', async () => {
    const { recipe } = await load(GOOD);
    const again = await load(JSON.stringify(recipe));
    expect(again.recipe).toEqual(recipe);
  });

  it('lets --set win over --model and --seed, and the last --set over the first', async () => {
    const { recipe, origins } = await load(GOOD, { seed: 3, set: ['seed=4', 'seed=5'] });
    expect(recipe.seed).toBe(5);
    expect(origins['seed']).toBe('--set seed=5');
  });

  it('swaps the model with --model: its options come from baselines, the old model takes their place', async () => {
    const { recipe, origins } = await load(GOOD, { model: 'widedeep', set: ['model.batchRows=64'] });
    expect(recipe.model).toMatchObject({ name: 'widedeep', hidden: [8], batchRows: 64 });
    expect(Object.keys(recipe.baselines)).toEqual(['limaml']);
    expect(recipe.baselines['limaml']).toMatchObject({ inner: { steps: 2 } });
    expect(origins).toMatchObject({
      'model.name': '--model widedeep',
      'model.hidden': 'recipe.yaml:9:5',
      'model.batchRows': '--set model.batchRows=64',
      'model.embedding.size': 'default',
      'baselines.limaml.inner.steps': 'recipe.yaml:6:5',
    });
  });

  it('takes a model that the recipe does not mention, with its defaults', async () => {
    const { recipe } = await load(GOOD, { model: 'deep' });
    expect(recipe.model['name']).toBe('deep');
    expect(Object.keys(recipe.baselines).sort()).toEqual(['limaml', 'widedeep']);
  });
});

describe('a faulty recipe', () => {
  it('names an unknown key with line, column and the nearest valid one', async () => {
    expect(await faults(GOOD.replace('steps: 2', 'setps: 2'))).toEqual([
      'CONFIG_UNKNOWN_KEY recipe.yaml:6:5 › model.inner.setps | There is no "setps" in model.inner of "limaml". Closest: "steps".',
    ]);
  });

  it('reports all faults at once, in whatever sections they lie', async () => {
    const text = `name: Demo!
dataset: 7
model: { name: limaml, inner: { steps: 1.5, loss: shrunken }, hiden: 3 }
baselines: { widedep: {}, deep: { hidden: [8, 0] } }
training: { epochs: many, refit: yes please, workers: 99 }
trainig: {}
`;
    expect(await faults(text)).toEqual([
      'CONFIG_UNKNOWN_KEY recipe.yaml:6:1 › trainig | There is no "trainig" in a recipe. Closest: "training".',
      'CONFIG_BAD_VALUE recipe.yaml:1:1 › name | An experiment name is lower-case letters, digits, dots, dashes.',
      'CONFIG_BAD_VALUE recipe.yaml:2:1 › dataset | Text is expected, not 7.',
      'CONFIG_BAD_VALUE recipe.yaml:5:13 › training.epochs | A number is expected, not "many".',
      'CONFIG_BAD_VALUE recipe.yaml:5:27 › training.refit | True or false is expected, not "yes please".',
      'CONFIG_BAD_VALUE recipe.yaml:5:46 › execution.workers | 99 is too large: it must be at most 64.',
      'CONFIG_UNKNOWN_KEY recipe.yaml:3:63 › model.hiden | There is no "hiden" in model of "limaml". Closest: "wide".',
      'CONFIG_BAD_VALUE recipe.yaml:3:33 › model.inner.steps | A whole number is expected, not 1.5.',
      'CONFIG_BAD_VALUE recipe.yaml:3:45 › model.inner.loss | "shrunken" is not one of shrunk, mean, sum. Closest: "shrunk".',
      'MODEL_UNKNOWN recipe.yaml:4:14 › baselines.widedep | There is no model "widedep". Closest: "widedeep".',
      'CONFIG_BAD_VALUE recipe.yaml:4:47 › baselines.deep.hidden[1] | 0 is too small: it must be at least 1.',
    ]);
  });

  it('lists what must be given', async () => {
    expect(await faults('seed: 1\n')).toEqual([
      'CONFIG_MISSING_KEY recipe.yaml › name | "name" must be given: text.',
      'CONFIG_MISSING_KEY recipe.yaml › dataset | "dataset" must be given: text.',
      'CONFIG_MISSING_KEY recipe.yaml › model | "model" must be given: mapping.',
    ]);
    expect(await faults('')).toHaveLength(3);
    expect(await faults('- 1\n')).toEqual(['CONFIG_BAD_VALUE recipe.yaml | A mapping is expected, not [1].']);
  });

  it('says where a key belongs that was put on the wrong level', async () => {
    const error: unknown = await load(GOOD.replace('  inner:\n    steps: 2', '  steps: 2')).catch(
      (thrown: unknown) => thrown,
    );
    expect((error as UserErrors).errors[0]?.next).toBe('"steps" is known as model.inner.steps.');
  });

  it('names the flag for a fault that a flag brought in', async () => {
    expect(await faults(GOOD, { set: ['model.inner.stepps=1', 'training.epochs=0'] })).toEqual([
      'CONFIG_BAD_VALUE --set training.epochs=0 › training.epochs | 0 is too small: it must be at least 1.',
      'CONFIG_UNKNOWN_KEY --set model.inner.stepps=1 › model.inner.stepps | There is no "stepps" in model.inner of "limaml". Closest: "steps".',
    ]);
    expect(await faults(GOOD, { model: 'widdeep' })).toEqual([
      'MODEL_UNKNOWN --model widdeep › model.name | There is no model "widdeep". Closest: "widedeep".',
    ]);
  });

  it('applies the rules between sections when the shape is right', async () => {
    const text = `${GOOD.replace('widedeep:\n    hidden: [8]', 'limaml: {}')}  backend: tfjs\n  device: cuda\nfeatures: { item: [a, b, a] }\n`;
    expect(await faults(text)).toEqual([
      'CONFIG_RULE recipe.yaml:8:3 › baselines.limaml | "limaml" is the trained model and stands under baselines too.',
      'CONFIG_RULE recipe.yaml:13:26 › features.item[2] | "a" is named twice.',
      'CONFIG_RULE recipe.yaml:12:3 › execution.device | "tfjs" runs on cpu only, not on cuda.',
    ]);
  });

  it('names the place of a YAML fault, a double key among them', async () => {
    expect(await faults('name: demo\nmodel: {name: a\n')).toEqual([
      expect.stringMatching(/^CONFIG_SYNTAX recipe\.yaml:3:1 \| This is not valid YAML: /),
    ]);
    expect(await faults('name: a\nname: b\n')).toEqual([
      expect.stringMatching(/^CONFIG_SYNTAX recipe\.yaml:2:1 \| .*unique/),
    ]);
  });

  it('refuses a --set that is none, all at once', async () => {
    expect(await faults(GOOD, { set: ['epochs', 'a..b=1', 'model.hidden=[1'] })).toEqual([
      'OVERRIDE_SYNTAX --set epochs | A key and a value are expected, joined by "=".',
      'OVERRIDE_SYNTAX --set a..b=1 | A key and a value are expected, joined by "=".',
      expect.stringMatching(/^OVERRIDE_SYNTAX --set model\.hidden=\[1 \| The value is not valid YAML: /),
    ]);
  });

  it('says which recipes there are when the named one is missing', async () => {
    expect(await faults(GOOD, { recipe: 'nowhere.yaml' })).toEqual([
      'RECIPE_MISSING nowhere.yaml | There is no such recipe.',
    ]);
  });
});
