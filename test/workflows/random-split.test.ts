// A log cut at random: models that take no support are trained and measured on it, models that do are stopped.
import { expect, it } from 'vitest';
import { SPLIT } from '../../src/prepared/format.js';
import { SELECT_ROLES } from '../../src/scoring/learning-rows.js';
import { FROZEN } from '../../src/scoring/replay.js';
import { scoreTest, smallTraining, train } from '../../src/testing/subject/small-training.js';
import { testColumns } from '../../src/workflows/test-columns.js';
import { plantedDataset } from '../support/planted-dataset.js';
import { smallModel } from '../support/small-model.js';

const planted = plantedDataset();
/** The same rows, their splits in turn. */
const dataset = {
  ...planted,
  shard: async (index: number) => {
    const shard = await planted.shard(index);
    return {
      ...shard,
      split: shard.split.map((_, row) => [SPLIT.train, SPLIT.train, SPLIT.valid, SPLIT.test][row % 4]!),
    };
  },
};
const rows = 200;
const splits = { ...planted.manifest.splits };
for (const name of ['valid', 'test'] as const) splits[name] = { ...splits[name], rows };
const cut = { ...dataset, manifest: { ...planted.manifest, splits } };

it.each(['deep', 'widedeep'])('%s is trained and measured', async (name) => {
  const model = smallModel(name, cut);
  const { state } = await train(model, cut, smallTraining({ epochs: 2 }));
  expect((await scoreTest(model, cut, state)).probability.length).toBe(rows);
});

it.each(['limaml', 'din', 'rates'])('%s stops', async (name) => {
  const model = smallModel(
    name,
    cut,
    name === 'rates' ? {} : { episodes: { tasks: 8, order: 'random', emptyShare: 0.1 } },
  );
  const training = train(model, cut, smallTraining({ epochs: 1 }));
  await expect(training).rejects.toMatchObject({ code: 'LEAK_SUPPORT_NOT_BEFORE_QUERY' });
});

it('histories are counted by what came before', async () => {
  const { historyLength } = await testColumns(cut, SELECT_ROLES, FROZEN);
  expect(historyLength.length).toBe(rows);
  // The first test row of each entity is its fourth event: two of the three before it were learned from.
  expect(historyLength[0]).toBe(2);
});
