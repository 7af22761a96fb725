// Seeds put together by hand: means over all of them, and no number where one of them has none.
import { expect, it } from 'vitest';
import type { Measured } from '../../src/runs/measured.js';
import { collate, SHOWN } from '../../src/workflows/results/collate.js';

const score = (value: number) => ({ value, interval: { standardError: 0.01 } });

/** What a seed gave: an AUC of the model and `apart` less for its baseline; of new members only where they were enough. */
function seed(number: number, auc: number, apart: number, hasNew: boolean) {
  const delta = { baseline: 'other', metric: 'auc', delta: apart, standardError: 0.02 };
  const segments = [
    { by: 'historyLength', value: '1-5', metrics: { auc: score(auc) }, comparisons: [] },
    {
      by: 'seen',
      value: 'new',
      metrics: hasNew ? { auc: score(auc) } : {},
      // Half a width of 1.96 standard errors of 0.05.
      comparisons: hasNew ? [{ ...delta, low: apart - 0.098, high: apart + 0.098 }] : [],
    },
  ];
  const measured = {
    label: 'frozen',
    rows: 10,
    entities: 5,
    level: 0.95,
    models: [
      { model: 'own', metrics: { auc: score(auc) }, segments },
      { model: 'other', metrics: { auc: score(auc - apart) }, segments: [] },
    ],
    comparisons: [delta],
  };
  return { seed: number, measured: [measured as unknown as Measured] };
}

const columns = SHOWN.map(({ title }) => title);
const [AUC, GROUP, NEW, FEW] = ['AUC', 'group AUC', 'AUC, new members', 'AUC, 1-5 events'].map((title) =>
  columns.indexOf(title as (typeof columns)[number]),
) as [number, number, number, number];

it('are averaged, model by model, and the differences of each', () => {
  const [frozen, ...more] = collate([seed(1, 0.7, 0.1, true), seed(2, 0.8, 0.2, true)]);
  expect(more).toEqual([]);
  expect(frozen).toMatchObject({ protocol: 'frozen', rows: 10, entities: 5 });
  const [own, other] = frozen!.models;
  expect(own).toMatchObject({ model: 'own', difference: null });
  expect(own!.numbers[AUC]).toMatchObject({ seeds: 2, mean: 0.75 });
  expect(own!.numbers[AUC]!.deviation).toBeCloseTo(0.1 / Math.SQRT2, 12);
  expect(own!.numbers[FEW]!.mean).toBe(0.75);
  expect(other!.numbers[AUC]!.mean).toBeCloseTo(0.6, 12);
  expect(other!.difference![AUC]!.mean).toBeCloseTo(0.15, 12);
  expect(other!.difference![NEW]!.mean).toBeCloseTo(0.15, 12);
  // No seed has a group AUC here, none a difference in the short histories.
  expect([own!.numbers[GROUP], other!.difference![FEW]]).toEqual([null, null]);
});

it('of which one has no such number have none', () => {
  const [frozen] = collate([seed(1, 0.7, 0.1, true), seed(2, 0.8, 0.2, false)]);
  const [own, other] = frozen!.models;
  expect(own!.numbers[NEW]).toBeNull();
  expect(other!.difference![NEW]).toBeNull();
  expect(own!.numbers[AUC]!.mean).toBe(0.75);
});

it('of one have the interval over members, of a segment that of its percentiles', () => {
  const [frozen] = collate([seed(1, 0.7, 0.1, true)]);
  const [, other] = frozen!.models;
  expect(other!.difference![AUC]!.low).toBeCloseTo(0.1 - 1.96 * 0.02, 4);
  expect(other!.difference![NEW]!.low).toBeCloseTo(0.1 - 0.098, 4);
});
