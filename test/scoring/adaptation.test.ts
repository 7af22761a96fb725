// What adaptation buys on planted tastes, and that it cannot buy it with shuffled labels or a look ahead.

import { expect, it } from 'vitest';
import { CheckFailed } from '../../src/errors.js';
import { SPLIT } from '../../src/prepared/format.js';
import { scoreTest, smallTraining, train } from '../../src/testing/subject/small-training.js';
import { plantedDataset } from '../support/planted-dataset.js';
import { smallModel } from '../support/small-model.js';

const dataset = plantedDataset({ entities: 200, events: 30 });
const training = smallTraining({ patience: 12 });
const options = { optimizer: { learningRate: 5e-3 }, episodes: { tasks: 8, maxSupport: 20, maxQuery: 20 } };

async function testAuc(
  model: string,
  more: object = {},
  { shuffleSupport = false, epochs = 12 } = {},
): Promise<number> {
  const built = smallModel(model, dataset, { ...options, ...more });
  const { state } = await train(built, dataset, { ...training, shuffleSupport, epochs });
  const scored = await scoreTest(built, dataset, state, shuffleSupport ? { placeboSeed: 7 } : {});
  return scored.auc!;
}

it('finds tastes that no feature tells, and loses them without inner steps or with shuffled labels', async () => {
  const adapted = await testAuc('limaml');
  const still = await testAuc('limaml', { inner: { steps: 0 } });
  const placebo = await testAuc('limaml', {}, { shuffleSupport: true });
  expect(adapted).toBeGreaterThan(0.8);
  expect(still).toBeLessThan(0.66);
  expect(placebo).toBeLessThan(0.66);
});

it.each([
  ['first order', { inner: { order: 'first' } }],
  ['last layer only (ANIL)', { inner: { adapt: 'last-layer' } }],
  ['the vector only (CAVIA)', { inner: { adapt: 'vector' } }],
  ['rates per step and layer', { inner: { rates: 'step-layer' } }],
  ['learned shrinkage', { inner: { learnedShrinkage: true } }],
  ['row features in the meta block, mean pooling', { meta: { hidden: [8], size: 4, rows: true } }],
  ['recency pooling', { meta: { hidden: [8], size: 4, rows: true, pooling: 'recency' } }],
])(
  'adapts with %s',
  async (_name, more) => {
    expect(await testAuc('limaml', more, { epochs: 4 })).toBeGreaterThan(0.8);
  },
  60_000,
);

it('stops when a support row is not strictly before the scored rows', async () => {
  const model = smallModel('limaml', dataset);
  const { state } = await train(model, dataset, smallTraining({ epochs: 1 }));
  const leaking = {
    ...dataset,
    shard: async (index: number) => {
      const shard = await dataset.shard(index);
      const split = shard.split.slice();
      // The very last row of the first entity becomes a training row.
      split[shard.offsets[1]! - 1] = SPLIT.train;
      return { ...shard, split };
    },
  };
  const failure = await scoreTest(model, leaking, state).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(CheckFailed);
  expect((failure as CheckFailed).code).toBe('LEAK_SUPPORT_NOT_BEFORE_QUERY');
});
