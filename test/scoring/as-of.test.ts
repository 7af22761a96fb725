// The log as it was at an instant, by hand.
import { expect, it } from 'vitest';
import { SPLIT } from '../../src/prepared/format.js';
import { datasetAsOf } from '../../src/scoring/as-of.js';
import { memoryDataset } from '../support/memory-dataset.js';

const { train, valid, test, support } = SPLIT;

it('turns what came before into rows to learn from, and all else into test rows', async () => {
  const dataset = memoryDataset(
    {
      entity: [1, 1, 1, 1, 2, 2, 3],
      item: [1, 2, 3, 1, 3, 1, 2],
      timestampMs: [1, 5, 10, 20, 4, 11, 2],
      label: [1, 0, 1, 0, 1, 0, 1],
      split: [train, valid, test, test, train, test, support],
    },
    new Map(),
    new Map(),
    [],
    2,
  );
  const view = await datasetAsOf(dataset, 11);
  const codes = async (index: number) => [...(await view.shard(index)).split];
  // Shard 1 holds entities 1 and 3, shard 0 entity 2, whose row at 11 is not before 11.
  expect([await codes(1), await codes(0)]).toEqual([
    [train, valid, valid, test, support],
    [train, test],
  ]);
  expect(view.manifest.splits).toMatchObject({
    train: { rows: 2, entities: 2, items: 2 },
    valid: { rows: 2, entities: 1, items: 2 },
    test: { rows: 2, entities: 2, items: 1 },
  });
  const counts = await view.entityCounts();
  expect([[...counts.train], [...counts.valid]]).toEqual([
    [0, 1, 1, 0],
    [0, 2, 0, 0],
  ]);
  expect([...(await view.itemCounts()).valid]).toEqual([0, 0, 1, 1]);
  // Nothing of the data itself is touched.
  expect([...(await dataset.shard(0)).split]).toEqual([train, test]);
  // A training row of later on is not known yet.
  expect([...(await (await datasetAsOf(dataset, 4)).shard(0)).split]).toEqual([test, test]);
});
