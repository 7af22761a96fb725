// A training that was stopped after any epoch goes on to the same bytes as one that was not.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bytesOf, smallTraining, train } from '../../src/testing/subject/small-training.js';
import { loadTrainingState, saveTrainingState } from '../../src/training/checkpoint.js';
import { plantedDataset } from '../support/planted-dataset.js';
import { smallModel } from '../support/small-model.js';

const dataset = plantedDataset({ shards: 2 });
/** Everything that is drawn or kept beside the parameters. */
const OPTIONS: Readonly<Record<string, object>> = {
  limaml: { embedding: { size: 4, dropout: 0.2 } },
  deep: { hidden: [8, 4], hiddenDropout: 0.2, batchNorm: true },
  widedeep: { optimizer: { schedule: { kind: 'plateau', factor: 0.5, minimum: 0 }, embeddingL2: 0.01 } },
};
const training = smallTraining({ epochs: 4, refit: true });

type Trained = ReturnType<typeof train>;
/** By model: trained without a stop. */
const undisturbed = new Map<string, Trained>();

function wholeOf(name: string): Trained {
  const model = smallModel(name, dataset, OPTIONS[name]);
  const whole = undisturbed.get(name) ?? train(model, dataset, training);
  undisturbed.set(name, whole);
  return whole;
}

/** Stops after `epochs` epochs in all, as a killed process would, then resumes from what is on disk. */
async function stopAndResume(name: string, epochs: number) {
  const folder = await mkdtemp(join(tmpdir(), 'limaml-resume-'));
  const model = smallModel(name, dataset, OPTIONS[name]);
  const stopped = new Error('stopped');
  let seen = 0;
  await train(model, dataset, training, {
    onEpoch: async (_record, from) => {
      await saveTrainingState(folder, model, from);
      if (++seen === epochs) throw stopped;
    },
  }).catch((error: unknown) => {
    if (error !== stopped) throw error;
  });
  expect(seen).toBe(epochs);
  const { state: resumeFrom } = (await loadTrainingState(folder, model))!;
  await rm(folder, { recursive: true });
  const resumed = await train(model, dataset, training, { resumeFrom });
  return { resumed, whole: await wholeOf(name) };
}

it.each([
  ['limaml', 1],
  ['limaml', 3],
  ['limaml', 5],
  ['widedeep', 2],
  ['widedeep', 5],
  ['deep', 2],
  ['deep', 5],
  ['finetune', 2],
])('%s stopped after epoch %i', async (name, epochs) => {
  const { resumed, whole } = await stopAndResume(name, epochs);
  expect(bytesOf(resumed.state).equals(bytesOf(whole.state))).toBe(true);
  expect(resumed.best).toEqual(whole.best);
  expect(resumed.epochs).toBe(whole.epochs);
});

it('has nothing to resume where no epoch ended', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'limaml-resume-'));
  expect(await loadTrainingState(folder, smallModel('deep', dataset))).toBeUndefined();
  await rm(folder, { recursive: true });
});
