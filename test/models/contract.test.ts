// What every registered model must do. A new model gets these tests by being in the registry.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MODELS } from '../../src/models/registry.js';
import { loadModel, saveModel } from '../../src/training/checkpoint.js';
import { plantedDataset } from '../support/planted-dataset.js';
import {
  bytesOf,
  scoreTest,
  smallExecution,
  smallModel,
  smallTraining,
  train,
} from '../support/small-training.js';

const dataset = plantedDataset();

it('covers every model there is', () => {
  expect(MODELS.map((model) => model.name)).toEqual(['limaml', 'widedeep', 'deep', 'finetune']);
});

describe.each(MODELS.map((model) => model.name))('%s', (name) => {
  it('takes its defaults, and refuses an option it does not have', () => {
    const { config } = MODELS.find((model) => model.name === name)!;
    expect(config.safeParse({}).success).toBe(true);
    expect(config.safeParse({ noSuchOption: 1 }).success).toBe(false);
  });

  it('says whether it adapts on supports, and without them a shuffled support changes nothing', async () => {
    const supports = MODELS.find((model) => model.name === name)!.learns === 'episodes';
    const model = smallModel(name, dataset);
    expect(model.learns.by === 'episodes').toBe(supports);
    expect(model.adapts.length > 0).toBe(supports);
    const training = { epochs: 2 };
    const plain = await train(model, dataset, smallTraining(training));
    const placebo = await train(model, dataset, smallTraining({ ...training, shuffleSupport: true }));
    const scores = await scoreTest(model, dataset, plain.state);
    const shuffled = await scoreTest(model, dataset, placebo.state, { shuffleSupportSeed: 7 });
    const equal = scores.probability.every((value, row) => value === shuffled.probability[row]);
    expect(equal).toBe(!supports);
    if (!supports) expect(bytesOf(placebo.state).equals(bytesOf(plain.state))).toBe(true);
  });

  it('learns: the training loss is finite and falls', async () => {
    const model = smallModel(name, dataset);
    const losses: number[] = [];
    await train(model, dataset, smallTraining({ epochs: 12, patience: 12 }), {
      onEpoch: async ({ loss }) => {
        losses.push(loss);
      },
    });
    expect(losses).toHaveLength(12);
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(losses.at(-1)!).toBeLessThan(losses[0]! - 0.003);
  });

  it('gives the same bytes for the same seed, others for another seed', async () => {
    const model = smallModel(name, dataset);
    const first = await train(model, dataset, smallTraining());
    const second = await train(model, dataset, smallTraining());
    const other = await train(model, dataset, smallTraining(), { seed: 8 });
    expect(bytesOf(first.state).equals(bytesOf(second.state))).toBe(true);
    expect(bytesOf(first.state).equals(bytesOf(other.state))).toBe(false);
  });

  it('gives the same bytes whatever the number of workers', async () => {
    const model = smallModel(name, dataset);
    const training = smallTraining({ epochs: 2 });
    const tileRows = 100;
    const alone = await train(model, dataset, training, {
      execution: smallExecution({ tileRows, workers: 0 }),
    });
    const three = await train(model, dataset, training, {
      execution: smallExecution({ tileRows, workers: 3 }),
    });
    expect(bytesOf(alone.state).equals(bytesOf(three.state))).toBe(true);
  });

  it('is the same after it was saved and loaded', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'limaml-checkpoint-'));
    const model = smallModel(name, dataset);
    const { state } = await train(model, dataset, smallTraining());
    await saveModel(folder, model, state);
    const loaded = await loadModel(folder, model);
    await rm(folder, { recursive: true });
    expect(bytesOf(loaded).equals(bytesOf(state))).toBe(true);
    const [before, after] = [await scoreTest(model, dataset, state), await scoreTest(model, dataset, loaded)];
    expect(after.probability).toEqual(before.probability);
  });

  it('scores a row alike in large and in small tiles', async () => {
    const model = smallModel(name, dataset);
    const { state } = await train(model, dataset, smallTraining());
    const large = await scoreTest(model, dataset, state, { tileRows: 4096 });
    const small = await scoreTest(model, dataset, state, { tileRows: 7 });
    expect(large.probability.length).toBe(dataset.manifest.splits.test.rows);
    large.probability.forEach((p, i) => {
      expect(Math.abs(p - small.probability[i]!)).toBeLessThan(1e-5);
    });
  });

  it('scores entities and items that it never saw', async () => {
    const model = smallModel(name, dataset);
    const { state } = await train(model, dataset, smallTraining());
    // The same layout, other events: no entity of it has a row before the test rows.
    const fresh = plantedDataset({ seed: 2 });
    const cold = { ...fresh, shard: async (i: number) => allTest(await fresh.shard(i)) };
    const { probability } = await scoreTest(model, cold, state);
    expect(probability.length).toBe(fresh.manifest.rows);
    expect(probability.every((p) => p > 0 && p < 1)).toBe(true);
  });

  it('is finite through a refit, which learns from the validation rows too', async () => {
    const model = smallModel(name, dataset);
    const plain = await train(model, dataset, smallTraining({ epochs: 2 }));
    const refit = await train(model, dataset, smallTraining({ epochs: 2, refit: true }));
    expect(refit.refitted).toBe(true);
    expect(refit.best).toEqual(plain.best);
    expect(bytesOf(refit.state).equals(bytesOf(plain.state))).toBe(false);
    const { probability } = await scoreTest(model, dataset, refit.state, { refitted: true });
    expect(probability.every(Number.isFinite)).toBe(true);
  });
});

function allTest<Shard extends { split: Uint8Array }>(shard: Shard): Shard {
  return { ...shard, split: new Uint8Array(shard.split.length).fill(2) };
}
