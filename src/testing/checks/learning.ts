// The contract's checks of training: it learns, and only the seed decides what.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadModel, saveModel } from '../../training/checkpoint.js';
import {
  bytesOf,
  SHORT,
  scoreTest,
  smallExecution,
  smallTraining,
  train,
} from '../subject/small-training.js';
import type { Check } from '../subject/subject.js';

/** Share of the first epoch's loss by which that of the last must be smaller. */
const LEARNED = 0.03;

export const LEARNING_CHECKS: readonly Check[] = [
  {
    name: 'learns: the training loss is finite and falls',
    async run({ model, dataset }) {
      const losses: number[] = [];
      await train(model, dataset, smallTraining({ epochs: 12, patience: 12 }), {
        onEpoch: async ({ loss }) => void losses.push(loss),
      });
      const shown = losses.map((loss) => loss.toFixed(4)).join(', ');
      assert.ok(losses.every(Number.isFinite), `losses of epochs: ${shown}`);
      // Counts are made once.
      if (model.learns.by === 'counts') assert.equal(losses.length, 1, 'epochs');
      else assert.ok(losses.at(-1)! < (1 - LEARNED) * losses[0]!, `losses do not fall: ${shown}`);
    },
  },
  {
    name: 'gives the same numbers for the same seed, others for another seed unless it counts',
    async run({ model, dataset, trained }) {
      const first = bytesOf((await trained()).state);
      const again = await train(model, dataset, smallTraining(SHORT));
      const other = await train(model, dataset, smallTraining(SHORT), { seed: 8 });
      assert.ok(first.equals(bytesOf(again.state)), 'two trainings with one seed differ');
      const alike = first.equals(bytesOf(other.state));
      assert.equal(alike, model.learns.by === 'counts', 'whether another seed changes nothing');
    },
  },
  {
    name: 'gives the same numbers whatever the number of workers',
    async run({ model, dataset }) {
      const within = async (workers: number): Promise<Buffer> => {
        const execution = smallExecution({ tileRows: 100, workers });
        return bytesOf((await train(model, dataset, smallTraining(SHORT), { execution })).state);
      };
      assert.ok((await within(0)).equals(await within(2)), 'none and two workers differ');
    },
  },
  {
    name: 'is the same after it was saved and loaded',
    async run({ model, dataset, trained }) {
      const { state } = await trained();
      const folder = await mkdtemp(join(tmpdir(), 'limaml-checkpoint-'));
      try {
        await saveModel(folder, model, state);
        const loaded = await loadModel(folder, model);
        assert.ok(bytesOf(loaded).equals(bytesOf(state)), 'numbers read back differ');
        const scores = await scoreTest(model, dataset, state);
        assert.deepEqual((await scoreTest(model, dataset, loaded)).probability, scores.probability);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  },
  {
    name: 'learns from the validation rows too when it is refitted, and stays finite',
    async run({ model, dataset, trained }) {
      const plain = await trained();
      const refit = await train(model, dataset, smallTraining({ ...SHORT, refit: true }));
      assert.ok(refit.refitted, 'it was not refitted');
      assert.deepEqual(refit.best, plain.best, 'the epoch that was chosen');
      assert.ok(!bytesOf(refit.state).equals(bytesOf(plain.state)), 'the refit changed nothing');
      const { probability } = await scoreTest(model, dataset, refit.state, { refitted: true });
      assert.ok(probability.every(Number.isFinite), 'probabilities that are no numbers');
    },
  },
  {
    name: 'is changed by shuffled support labels exactly when it takes supports',
    async run({ definition, model, dataset, trained }) {
      const placebo = { ...SHORT, shuffleSupport: true };
      const plain = await trained();
      const shuffled = await train(model, dataset, smallTraining(placebo));
      const scores = await scoreTest(model, dataset, plain.state);
      const others = await scoreTest(model, dataset, shuffled.state, { placeboSeed: 7 });
      const alike = scores.probability.every((value, row) => value === others.probability[row]);
      assert.equal(
        alike,
        definition.learns !== 'episodes',
        'whether shuffled supports leave the scores alike',
      );
    },
  },
];
