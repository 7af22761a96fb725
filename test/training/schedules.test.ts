// Schedules and the penalty of whole tables in training: what is learned with them, and that workers change no byte.
import { expect, it } from 'vitest';
import { bytesOf, smallExecution, smallTraining, train } from '../../src/testing/subject/small-training.js';
import type { EpochRecord } from '../../src/training/training-state.js';
import { plantedDataset } from '../support/planted-dataset.js';
import { smallModel } from '../support/small-model.js';

const dataset = plantedDataset({ shards: 2 });

async function trained(optimizer: object, more: object = {}, options: object = {}) {
  const model = smallModel('deep', dataset, { optimizer, ...options });
  const records: EpochRecord[] = [];
  const result = await train(
    model,
    dataset,
    smallTraining({ epochs: 4, minSteps: 0, patience: 4, ...more }),
    {
      onEpoch: async (record) => void records.push(record),
    },
  );
  return { ...result, records };
}

it('a plateau brings training to rest, when the epoch is chosen and in the refit alike', async () => {
  // Adam at a rate of 1 is past its best after one epoch; then hardly anything moves.
  const wild = { learningRate: 1, schedule: { kind: 'plateau', factor: 1e-9, minimum: 0 } };
  const { records, best } = await trained(wild, { epochs: 6, patience: 6, refit: true });
  const choosing = records.filter(({ phase }) => phase === 'select');
  const worse = choosing.findIndex(({ valid }, i) => i > 0 && valid!.score <= choosing[i - 1]!.valid!.score);
  expect(worse).toBeGreaterThan(0);
  const still = choosing.slice(worse).map(({ valid }) => valid!.score);
  expect(new Set(still.map((score) => score.toFixed(4))).size).toBe(1);
  expect(records.filter(({ phase }) => phase === 'refit').length).toBe(best.epoch);
});

it('a cosine reaches the end of its rate with the last epoch', async () => {
  const { records } = await trained({ schedule: { kind: 'cosine', warmup: 1 } });
  const constant = await trained({});
  expect(records.length).toBe(4);
  expect(records.map(({ loss }) => loss)).not.toEqual(constant.records.map(({ loss }) => loss));
});

it('a strong penalty leaves tables near zero, those values too that no row has', async () => {
  const { state } = await trained({ learningRate: 0.02, embeddingL2: 10 });
  const plain = await trained({ learningRate: 0.02 });
  const size = (tables: typeof state.tables): number =>
    Math.max(
      ...[...tables.values()].map((values) => values.reduce((most, x) => Math.max(most, Math.abs(x)), 0)),
    );
  expect(size(plain.state.tables)).toBeGreaterThan(0.1);
  expect(size(state.tables)).toBeLessThan(size(plain.state.tables) / 4);
});

it('the number of workers changes no byte of either', async () => {
  const optimizer = { schedule: { kind: 'plateau' }, embeddingL2: 0.01 };
  const model = smallModel('widedeep', dataset, { optimizer });
  const within = async (workers: number): Promise<Buffer> => {
    const execution = smallExecution({ tileRows: 100, workers });
    return bytesOf((await train(model, dataset, smallTraining({ epochs: 3 }), { execution })).state);
  };
  expect((await within(0)).equals(await within(3))).toBe(true);
});
