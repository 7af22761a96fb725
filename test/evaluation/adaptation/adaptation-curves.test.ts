// The curves of a model trained on planted tastes: their ends are the model as served and the prior, and the placebo loses.
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelState } from '../../../src/engine/model-state.js';
import {
  type AdaptationStudy,
  studyAdaptation,
} from '../../../src/evaluation/adaptation/adaptation-curves.js';
import { stepsShown } from '../../../src/evaluation/adaptation/curve-variants.js';
import { movements } from '../../../src/evaluation/adaptation/embedding-map.js';
import { evaluationConfig } from '../../../src/evaluation/config/evaluation-config.js';
import { entityPart } from '../../../src/models/contract/definition.js';
import { silent } from '../../../src/progress.js';
import { SELECT_ROLES } from '../../../src/scoring/learning-rows.js';
import { ofSplits, supportPolicy } from '../../../src/scoring/support.js';
import {
  scoreTest,
  smallExecution,
  smallTraining,
  train,
} from '../../../src/testing/subject/small-training.js';
import { plantedDataset } from '../../support/planted-dataset.js';
import { smallModel } from '../../support/small-model.js';

const dataset = plantedDataset({ entities: 120, events: 40, shards: 2 });
const model = smallModel('limaml', dataset, {
  inner: { steps: 2, rate: 2 },
  episodes: { tasks: 16, maxSupport: 12 },
  optimizer: { learningRate: 0.02 },
});
const training = smallTraining({ epochs: 6 });
const config = evaluationConfig.parse({
  bootstrap: { replicates: 400 },
  adaptation: { supportSizes: [0, 1, 4, 12, 50], mapEntities: 50 },
});

async function study(state: ModelState, overrides: object = {}): Promise<AdaptationStudy> {
  return studyAdaptation({
    model,
    meta: entityPart(model)!,
    state,
    dataset,
    roles: SELECT_ROLES,
    training,
    execution: smallExecution(),
    config,
    seed: 7,
    progress: silent,
    ...overrides,
  });
}

describe('what adaptation buys', () => {
  let state: ModelState;
  let found: AdaptationStudy;
  beforeAll(async () => {
    state = (await train(model, dataset, training)).state;
    found = await study(state);
  });

  it('has the served model and the prior at the ends of its curves', async () => {
    const { innerSteps, supportSize, staleness, prior, served } = found.curves;
    const full = (await scoreTest(model, dataset, state)).auc;
    const none = (await scoreTest(model, dataset, state, { support: supportPolicy(ofSplits([])) })).auc;
    expect(innerSteps.map(({ at }) => at)).toEqual([0, 1, 2]);
    expect(supportSize.map(({ at }) => at)).toEqual([0, 1, 4, 12]);
    expect(staleness.map(({ at }) => at)).toEqual([0, 1, 7, 30]);
    // Events are a second apart: a whole hour holds all of the test rows, and every event is another vector.
    const refreshes = found.curves.refreshes!;
    expect(refreshes.map(({ refresh }) => refresh)).toEqual(['none', '7d', '1d', '1h', 'event']);
    expect(refreshes[0]).toEqual({ ...served, at: 0, refresh: 'none' });
    expect(refreshes[3]!.auc).toBe(refreshes[1]!.auc);
    expect(refreshes[4]!.auc).not.toBe(refreshes[3]!.auc);
    for (const point of [served, innerSteps.at(-1)!, supportSize.at(-1)!, staleness[0]!])
      expect(point).toMatchObject({ auc: full, overServed: { delta: 0, low: 0, high: 0 }, meanSupport: 12 });
    // The meta block sees only the entity's own features: without a step it is the prior. All events lie within a
    // minute, so that a vector a day old has no support at all.
    for (const point of [prior, innerSteps[0]!, supportSize[0]!, staleness[1]!])
      expect(point).toMatchObject({ auc: none, overPrior: { delta: 0, low: 0, high: 0 } });
    expect(prior).toMatchObject({ entitiesWithSupport: 0, meanSupport: 0, medianAgeDays: null });
    // One second apart; the six validation rows between lie idle.
    expect(served.medianAgeDays).toBeCloseTo(7 / 86_400, 9);
  });

  it('finds the planted tastes, and not in shuffled labels', () => {
    const { served, placebo, supportSize } = found.curves;
    expect(served.overPrior.low).toBeGreaterThan(0.05);
    expect(served.low!).toBeLessThan(served.auc!);
    expect(served.high!).toBeGreaterThan(served.auc!);
    expect(placebo!.overServed.high).toBeLessThan(-0.05);
    expect(supportSize[2]!.overPrior.low).toBeGreaterThan(0);
    expect(supportSize[2]!.overServed.high).toBeLessThan(0);
    expect(found.curves.sampledFrom).toBeNull();
    expect(found.curves.conditions.join(' ')).not.toContain('drawn at random');
  });

  it('is of a seeded sample of entities where there are many, and says so', async () => {
    const sampled = await study(state, {
      config: { ...config, adaptation: { ...config.adaptation, maxEntities: 30 } },
    });
    expect(sampled.curves).toMatchObject({ entities: 30, sampledFrom: { entities: 120 } });
    expect(sampled.curves.rows).toBe(30 * 8);
    expect(sampled.curves.conditions.join(' ')).toContain('30 of 120 entities, drawn at random by the seed');
  });

  it('draws no placebo where the model was trained on one', async () => {
    const shuffled = await study(state, { training: { ...training, shuffleSupport: true } });
    expect(shuffled.curves.placebo).toBeNull();
    expect(shuffled.curves.noPlacebo).toContain('trained on shuffled');
    expect(shuffled.curves.served.auc).toBe(found.curves.placebo!.auc);
  });

  it('maps the embeddings of a sample, by history length', () => {
    const { map } = found;
    expect(map).toMatchObject({ size: 4, entities: 50, sampledFrom: 120 });
    expect([map.x.length, map.y.length, map.segment.length]).toEqual([50, 50, 50]);
    // 26 training rows each.
    expect(new Set(map.segment.map((code) => map.segments[code]))).toEqual(new Set(['21-50']));
    expect(map.explained![0]).toBeGreaterThan(map.explained![1]);
    const moved = map.movement[map.segments.indexOf('21-50')];
    expect(moved).toBeGreaterThan(0.5);
    expect(map.movement.filter((value) => value !== null)).toEqual([moved]);
  });
});

describe('how far adaptation moved vectors', () => {
  it('is the distance from the prior in units of their spread, by bucket', () => {
    // Vectors (3, 4), (0, 0), (0, 0), (−3, −4): spread √12.5. The first moved by 5, the last by 0, the others by 1.
    const vectors = Float32Array.from([3, 4, 0, 0, 0, 0, -3, -4]);
    const prior = Float32Array.from([0, 0, 1, 0, 0, -1, -3, -4]);
    expect(movements(vectors, prior, 2, Uint8Array.from([0, 1, 1, 3]), 4)).toEqual([
      expect.closeTo(5 / Math.sqrt(12.5), 12),
      expect.closeTo(1 / Math.sqrt(12.5), 12),
      null,
      0,
    ]);
    expect(movements(new Float32Array(4), new Float32Array(4), 2, Uint8Array.from([0, 0]), 1)).toEqual([
      null,
    ]);
  });
});

describe('inner steps shown', () => {
  it('are all of a few and powers of two of many', () => {
    expect(stepsShown(0)).toEqual([0]);
    expect(stepsShown(3)).toEqual([0, 1, 2, 3]);
    expect(stepsShown(8)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(stepsShown(20)).toEqual([0, 1, 2, 4, 8, 16, 20]);
    expect(stepsShown(64)).toEqual([0, 1, 2, 4, 8, 16, 32, 64]);
  });
});
