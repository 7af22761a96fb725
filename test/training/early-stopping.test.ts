// When training stops: patience counts epochs, but not before enough outer steps were made.
import { describe, expect, it } from 'vitest';
import { smallTraining, train } from '../../src/testing/subject/small-training.js';
import { plantedDataset } from '../support/planted-dataset.js';
import { smallModel } from '../support/small-model.js';

/** A metric that never gets better after the first epoch. */
const flat = { titles: {}, measure: () => ({ values: { auc: 0.5 }, score: 0.5 }) };

describe('early stopping', () => {
  const dataset = plantedDataset({ entities: 20 });
  // 20 entities in meta-batches of 8 are 3 outer steps an epoch.
  const stopsAt = async (options: object): Promise<number> => {
    const training = smallTraining({ epochs: 12, ...options });
    return (await train(smallModel('limaml', dataset), dataset, training, { metrics: flat })).epochs;
  };

  it('comes after as many epochs without a better metric as patience says', async () => {
    expect(await stopsAt({ patience: 1, minSteps: 0 })).toBe(2);
    expect(await stopsAt({ patience: 4, minSteps: 0 })).toBe(5);
  });

  it('waits until minSteps outer steps are made', async () => {
    expect(await stopsAt({ patience: 1, minSteps: 6 })).toBe(2);
    expect(await stopsAt({ patience: 1, minSteps: 7 })).toBe(3);
    expect(await stopsAt({ patience: 1, minSteps: 21 })).toBe(7);
  });

  it('never goes past the epochs asked for', async () => {
    expect(await stopsAt({ patience: 1, minSteps: 500 })).toBe(12);
  });
});
