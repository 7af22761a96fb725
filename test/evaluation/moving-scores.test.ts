// Metrics of scores that move with the past: pairs in place of the entity's rows, and no lists; two entities by hand.
import { expect, it } from 'vitest';
import { evaluationConfig } from '../../src/evaluation/config/evaluation-config.js';
import { evaluateRows } from '../../src/evaluation/evaluate-rows.js';
import { buildRowSet } from '../../src/evaluation/rows/row-set.js';
import { silent } from '../../src/progress.js';
import { floats, scoredRows } from './arrays.js';

/** Entity 2 has three rows and won 1 of 2 pairs, entity 5 has five rows and won 4.5 of 6; entity 7 has one label only. */
const scored = scoredRows(
  {
    label: [1, 0, 0, 1, 0, 1, 0, 1, 1],
    entity: [2, 2, 2, 5, 5, 5, 5, 5, 7],
    scores: {
      moving: [0.1, 0.9, 0.8, 0.1, 0.9, 0.2, 0.8, 0.3, 0.5],
      still: [0.9, 0.1, 0.2, 0.9, 0.1, 0.8, 0.2, 0.7, 0.5],
    },
  },
  {
    pairs: new Map([
      [
        'moving',
        {
          wins: floats([0, 0, 1, 0, 0, 4.5, 0, 0]),
          pairs: floats([0, 0, 2, 0, 0, 6, 0, 0]),
          exact: 1,
          sampled: 1,
        },
      ],
    ]),
    vectorAgeMs: floats([0, 1, 2, 0, 1, 2, 3, 4, 0]),
  },
);

it('take the share of pairs won for the AUC of an entity', () => {
  const set = buildRowSet(scored, ['moving', 'still']);
  expect([...set.models[0]!.moving!.pairAucs!]).toEqual([0.5, 0.75, Number.NaN]);
  expect(set.models[1]!.moving).toBeUndefined();
});

it('are weighted by rows, have no lists, and no group AUC in a part of the rows', () => {
  const config = evaluationConfig.parse({
    replay: { refresh: 'event' },
    bootstrap: { replicates: 200 },
    segments: { minRows: 1, minPositives: 1, minNegatives: 1, minEntities: 1 },
  });
  const options = { model: 'moving', baselines: ['still'], config, seed: 1, progress: silent };
  const [moving, still] = evaluateRows(scored, options).models;
  expect(moving!.metrics['groupAuc']).toMatchObject({
    value: (3 * 0.5 + 5 * 0.75) / 8,
    detail: { entities: 2, excludedEntities: 1, entitiesOfAllPairs: 1, entitiesOfSampledPairs: 1 },
  });
  expect(still!.metrics['groupAuc']).toMatchObject({ value: 1 });
  expect(still!.metrics['groupAuc']!.detail).not.toHaveProperty('entitiesOfAllPairs');
  for (const name of ['precision@5', 'recall@5', 'ndcg@5'])
    expect(moving!.metrics[name]).toMatchObject({ value: null, reason: expect.stringContaining('no list') });
  expect(still!.metrics['ndcg@5']!.value).toBe(1);
  const [ages] = moving!.segments.filter(({ by }) => by === 'vectorAge');
  expect(ages).toMatchObject({ value: '<=1h', rows: 9 });
  expect(ages!.metrics['groupAuc']).toMatchObject({
    value: null,
    reason: expect.stringContaining('move with the past'),
  });
  expect(ages!.metrics['auc']!.value).not.toBeNull();
});
