// Smoothed rates against numbers worked by hand.
import { describe, expect, it } from 'vitest';
import { smoothedLogit, smoothingStrength } from '../../src/models/layers/smoothed-rates.js';
import { rates } from '../../src/models/rates.js';
import { scoreTest, smallTraining, train } from '../../src/testing/subject/small-training.js';
import { plantedDataset } from '../support/planted-dataset.js';
import { smallModel } from '../support/small-model.js';

const counts = (pairs: readonly (readonly [number, number])[]) => ({
  rows: Float64Array.from([0, ...pairs.map(([rows]) => rows)]),
  clicks: Float64Array.from([0, ...pairs.map(([, clicks]) => clicks)]),
});

describe('smoothing', () => {
  it('adds pseudo-rows at the mean', () => {
    // (3 + 4·0.25) / (5 + 4) = 4/9: odds 4 to 5.
    expect(smoothedLogit(5, 3, 0.25, 4)).toBeCloseTo(Math.log(4 / 5), 12);
    expect(smoothedLogit(0, 0, 0.25, 4)).toBeCloseTo(Math.log(1 / 3), 12);
  });

  it('is strong where rates do not differ, and weak where they differ in all they can', () => {
    const alike = counts(Array.from({ length: 50 }, () => [20, 10] as const));
    const apart = counts(Array.from({ length: 50 }, (_, i) => [20, i % 2 === 0 ? 20 : 0] as const));
    expect(smoothingStrength(alike, 0.5)).toBe(4096);
    expect(smoothingStrength(apart, 0.5)).toBe(0.5);
  });

  it('is the likeliest of its choices', () => {
    // Of two rows, by the beta-binomial: P(0 or 2 clicks) = (a/2 + 1) / (a + 1), P(1 click) = (a/2) / (a + 1). With 3 of 5
    // pairs of equal labels the likelihood is greatest where (a/2 + 1) / (a + 1) = 3/5: a = 4.
    const pairs = [
      ...[2, 0, 2, 0, 2, 0].map((c) => [2, c] as const),
      ...[1, 1, 1, 1].map((c) => [2, c] as const),
    ];
    expect(smoothingStrength(counts(pairs), 0.5)).toBe(4);
  });
});

it('an item at the mean leaves the prior, and index 0 says nothing', () => {
  const dataset = plantedDataset();
  const model = smallModel('rates', dataset);
  const item = counts([
    [10, 5],
    [10, 9],
  ]);
  const numbers = model.counted!({ item, entity: counts([[20, 14]]) });
  const effects = numbers.get('item.item')!;
  const mean = numbers.get('rates.mean')![0]!;
  expect(mean).toBeCloseTo(14.5 / 21, 6);
  expect(effects[0]).toBe(0);
  expect(effects[1]! < 0 && effects[2]! > 0).toBe(true);
});

it('scores by its counts, with the support that is known', async () => {
  const dataset = plantedDataset({ entities: 60 });
  const model = rates.build(rates.config.parse({}), {
    entityId: { name: 'entity', kind: 'categorical', size: 61, source: { kind: 'entityId' } },
    itemId: { name: 'item', kind: 'categorical', size: 31, source: { kind: 'itemId' } },
    entity: [],
    item: [],
    event: [],
  });
  const { state, epochs } = await train(model, dataset, smallTraining({ refit: true }));
  expect(epochs).toBe(1);
  const { probability } = await scoreTest(model, dataset, state, { refitted: true });
  const shard = await dataset.shard(0);
  // The first test row, by hand: the rows of its entity and of its item before test.
  const known = (of: Int32Array, id: number): readonly [number, number] => {
    const rows = [...of.keys()].filter((row) => of[row] === id && shard.split[row] !== 2);
    return [rows.length, rows.filter((row) => shard.label[row] === 1).length];
  };
  const first = shard.split.indexOf(2);
  const [mean, strength] = [
    state.parameters.get('rates.mean')![0]!,
    state.parameters.get('rates.strength')![0]!,
  ];
  const member = smoothedLogit(...known(shard.entity, shard.entity[first]!), mean, strength);
  const logit = member + state.tables.get('item.item')![shard.item[first]!]!;
  expect(probability[0]).toBeCloseTo(1 / (1 + Math.exp(-logit)), 5);
});
