// Trainings that cannot give a model stop by name instead of writing one.

import { expect, it } from 'vitest';
import { SPLIT } from '../../src/prepared/format.js';
import { smallTraining, train } from '../../src/testing/subject/small-training.js';
import { memoryDataset } from '../support/memory-dataset.js';
import { plantedDataset } from '../support/planted-dataset.js';
import { smallModel } from '../support/small-model.js';

it('a loss that is no number any more: says where, and what to lower', async () => {
  const dataset = plantedDataset();
  const model = smallModel('limaml', dataset, { inner: { rate: 1e30, rates: 'fixed', steps: 3 } });
  const epochs: unknown[] = [];
  await expect(
    train(model, dataset, smallTraining(), { onEpoch: async (record) => void epochs.push(record) }),
  ).rejects.toMatchObject({
    code: 'LOSS_NOT_FINITE',
    what: expect.stringMatching(/^The loss became (NaN|Infinity)/),
    next: expect.stringContaining('Lower the learning rate or the inner rate'),
  });
  expect(epochs).toEqual([]);
});

it.each([
  ['validation', SPLIT.train, '3 and 0'],
  ['training', SPLIT.valid, '0 and 3'],
])('a data set without %s rows', async (_, split, counts) => {
  const events = { entity: [1, 1, 2], item: [1, 2, 1], timestampMs: [1, 2, 3], label: [0, 1, 1] };
  const dataset = memoryDataset({ ...events, split: [split, split, split] }, new Map(), new Map(), []);
  await expect(train(smallModel('deep', dataset), dataset, smallTraining())).rejects.toMatchObject({
    code: 'SPLIT_EMPTY',
    what: expect.stringContaining(`there are ${counts}`),
  });
});
