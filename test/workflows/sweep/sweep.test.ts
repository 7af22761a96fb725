// A sweep end to end with a trainer that trains nothing: budgets, ranking, what is read back, and what stops it.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadRecipe } from '../../../src/config/load-recipe.js';
import { tunedRecipe } from '../../../src/config/tuned-recipe.js';
import { UserError } from '../../../src/errors.js';
import { silent } from '../../../src/progress.js';
import { type SweepOptions, sweep } from '../../../src/workflows/sweep/sweep.js';
import { writeTuned } from '../../../src/workflows/sweep/write-tuned.js';
import type { Trainer } from '../../../src/workflows/trainer.js';
import { type Project, smallProject } from '../../cli/small-project.js';

let project: Project;
let recipe: string;
beforeAll(async () => {
  project = await smallProject();
  recipe = await readFile(join(project.path, 'experiments/tiny/experiment.yaml'), 'utf8');
});
afterAll(() => project.remove());

interface Trained {
  readonly model: string;
  readonly rate: number;
  readonly epochs: number;
}

const rateOf = (config: Readonly<Record<string, unknown>>): number =>
  (config['optimizer'] as { readonly learningRate: number }).learningRate;

/** Its validation AUC is best at a rate of 0.01 and grows with the epochs; a rate above 1 fails. */
function pretend(trained: Trained[]): Trainer {
  return async ({ model: { name: model, config }, training, checkpoint, onEpoch }) => {
    const { epochs } = training;
    const rate = rateOf(config);
    trained.push({ model, rate, epochs });
    expect(training.refit).toBe(false);
    if (rate > 1)
      throw new UserError({ code: 'LOSS_NOT_FINITE', where: 'epoch 1', what: 'It is NaN.', next: 'Less.' });
    const auc = 0.8 - 0.05 * Math.abs(Math.log10(rate / 0.01)) + 0.001 * epochs;
    for (let epoch = 1; epoch <= epochs; epoch++)
      await onEpoch({ phase: 'select', epoch, loss: 1, valid: { score: auc, auc } });
    await writeFile(join(checkpoint, 'model.safetensors'), 'x');
    return { best: { epoch: 1, auc } };
  };
}

async function run(section: string, trained: Trained[], options: Partial<SweepOptions> = {}) {
  await project.write('experiments/tiny/experiment.yaml', `${recipe}sweep: ${section}\n`);
  return sweepOf(trained, options);
}

function sweepOf(trained: Trained[], options: Partial<SweepOptions> = {}) {
  return sweep('tiny', {
    models: [],
    trials: undefined,
    method: undefined,
    jobs: 1,
    set: [],
    places: { data: 'raw', prepared: undefined, onError: undefined, env: {}, cwd: project.path },
    command: ['sweep', 'tiny'],
    progress: silent,
    now: () => new Date(),
    trainer: pretend(trained),
    ...options,
  });
}

const RECIPE = `# ours
name: a
model: { name: limaml, inner: { steps: 3 } } # two blocks
sweep: { trials: 3 }
`;

describe('a tuned recipe', () => {
  it('has what won where each model reads it, and leaves out what the winners do not agree on', () => {
    const { text, unsettled } = tunedRecipe(RECIPE, 'limaml', [
      { model: 'limaml', values: { 'model.inner.steps': 5, 'training.clip': 1, 'training.epochs': 4 } },
      { model: 'deep', values: { 'model.hidden': [8], 'training.clip': 1, 'training.epochs': 9 } },
    ]);
    expect(text).toContain('# ours');
    expect(text).toContain('# two blocks');
    expect(parse(text)).toEqual({
      name: 'a',
      model: { name: 'limaml', inner: { steps: 5 } },
      baselines: { deep: { hidden: [8] } },
      training: { clip: 1 },
    });
    expect(unsettled).toEqual(['training.epochs']);
  });
});

describe('a sweep', () => {
  it('gives every model the same trials, ranks them, keeps what failed, and reads back what was trained', async () => {
    const section = '{ method: grid, space: { model.optimizer.learningRate: [0.1, 0.01, 10] } }';
    const trained: Trained[] = [];
    const board = await run(section, trained);
    expect(board.models.map(({ model, spent }) => [model, spent.trials])).toEqual([
      ['limaml', 4],
      ['widedeep', 4],
    ]);
    const [{ best, trials } = { best: null, trials: [] }] = board.models;
    expect(best?.assignment).toEqual({ 'model.optimizer.learningRate': 0.01 });
    expect(trials.at(-1)).toMatchObject({
      failure: 'LOSS_NOT_FINITE',
      value: null,
      assignment: { 'model.optimizer.learningRate': 10 },
    });
    expect(trained).toHaveLength(8);
    expect(JSON.parse(await readFile(join(board.path, 'leaderboard.json'), 'utf8'))).toMatchObject({
      format: 'limaml-leaderboard',
      version: 1,
      metric: 'auc',
    });

    const again: Trained[] = [];
    const second = await run(section, again, { jobs: 3 });
    expect(again.map(({ rate }) => rate)).toEqual([10, 10]);
    expect(second.path).toBe(board.path);
    expect(second.models[0]?.best?.run).toBe(best?.run);
  });

  it('writes a recipe with what won, and says on which keys the winners differ', async () => {
    const board = await run(
      '{ method: grid, space: { model.optimizer.learningRate: [0.01], training.clip: [2] } }',
      [],
    );
    const [first, second] = board.models;
    const differing = {
      ...board,
      models: [first!, { ...second!, best: { ...second!.best!, assignment: { 'training.clip': 3 } } }],
    };
    const told: string[] = [];
    const path = await writeTuned('tiny', differing, project.path, (event) => {
      if (event.kind === 'warning') told.push(event.code);
    });
    expect(told).toEqual(['SWEEP_UNSETTLED']);
    const { recipe: tuned } = await loadRecipe({ recipe: path, cwd: project.path });
    expect(tuned).toMatchObject({ model: { optimizer: { learningRate: 0.01 } }, training: { clip: 10 } });
  });

  it('halves: the better third goes on with three times the epochs, each model by itself', async () => {
    const trained: Trained[] = [];
    const board = await run(
      '{ method: halving, trials: 6, firstEpochs: 1, models: { widedeep: { model.optimizer.learningRate: { log: [0.001, 1] } } } }',
      trained,
      { set: ['training.epochs=3'] },
    );
    expect(trained.map(({ epochs }) => epochs)).toEqual([1, 1, 1, 1, 1, 1, 3, 3]);
    expect(new Set(trained.map(({ model }) => model))).toEqual(new Set(['widedeep']));
    const close = (rate: number): number => Math.abs(Math.log10(rate / 0.01));
    const order = trained.slice(0, 6).sort((a, b) => close(a.rate) - close(b.rate));
    expect(new Set(trained.slice(6).map(({ rate }) => rate))).toEqual(
      new Set(order.slice(0, 2).map(({ rate }) => rate)),
    );
    expect(board.models[0]?.spent).toMatchObject({ trials: 6, epochs: 12 });
  });

  it('trains nothing where a key cannot be set, a model is not there, a grid has ranges, or there is no section', async () => {
    const trained: Trained[] = [];
    await expect(run('{ space: { model.optimizer.rate: [1] } }', trained)).rejects.toThrow(
      /model\.optimizer\.rate/,
    );
    await expect(run('{ models: { wide: { seed: [1] } } }', trained)).rejects.toMatchObject({
      code: 'SWEEP_MODEL',
    });
    await expect(
      run('{ method: grid, space: { model.optimizer.learningRate: { log: [1, 2] } } }', trained),
    ).rejects.toMatchObject({
      code: 'SWEEP_GRID_RANGE',
    });
    await project.write('experiments/tiny/experiment.yaml', recipe);
    await expect(sweepOf(trained)).rejects.toMatchObject({ code: 'SWEEP_NOTHING' });
    expect(trained).toEqual([]);
  });

  it('begins nothing more after a fault that is not of the trial', async () => {
    const started: number[] = [];
    const broken: Trainer = async ({ model }) => {
      started.push(rateOf(model.config));
      throw new Error('the disk is full');
    };
    await expect(
      run('{ space: { model.optimizer.learningRate: [0.2, 0.3, 0.4] } }', [], { trainer: broken }),
    ).rejects.toThrow('the disk is full');
    expect(started).toHaveLength(1);
  });
});
