// Two epochs of a training give the same losses on every backend, on a log without member features too: all members start from one
// and the same vector there, so that one rounding would move all of them.
import { expect, it } from 'vitest';
import type { ExecutionConfig } from '../../src/engine/execution-config.js';
import { smallExecution, smallTraining, train } from '../../src/testing/subject/small-training.js';
import { plantedDataset } from '../support/planted-dataset.js';
import { smallModel } from '../support/small-model.js';
import { EXECUTORS } from './executors.js';

/** Of a loss; far below the 0.2 % within which `limaml check` holds the losses of a seed. */
const TOLERANCE = 1e-6;

const [first, ...others] = EXECUTORS.map(({ name }) => name as ExecutionConfig['backend']);

it.each([
  [true, 'second'],
  [false, 'second'],
  [false, 'first'],
] as const)('member features: %s, %s order', async (memberFeatures, order) => {
  const dataset = plantedDataset({ memberFeatures });
  const model = smallModel('limaml', dataset, { inner: { steps: 3, order } });
  const losses = async (backend: ExecutionConfig['backend']): Promise<readonly number[]> => {
    const found: number[] = [];
    await train(model, dataset, smallTraining({ epochs: 2 }), {
      execution: smallExecution({ backend }),
      onEpoch: async ({ loss, valid }) => {
        found.push(loss, valid!['logLoss']!);
      },
    });
    return found;
  };
  const expected = await losses(first!);
  expect(expected).toHaveLength(4);
  expect(others.length).toBeGreaterThan(0);
  for (const other of others)
    (await losses(other)).forEach((loss, i) => {
      expect(Math.abs(loss / expected[i]! - 1)).toBeLessThan(TOLERANCE);
    });
});
