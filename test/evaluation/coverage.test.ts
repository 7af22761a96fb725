// Do 95 % intervals cover the truth in 95 % of worlds? By simulation, with rows clustered in entities.
import { beforeAll, describe, expect, it } from 'vitest';
import { estimateDelta } from '../../src/evaluation/comparison/compare-models.js';
import { measureModels } from '../../src/evaluation/comparison/measure-models.js';
import { evaluationConfig } from '../../src/evaluation/config/evaluation-config.js';
import { buildRowSet } from '../../src/evaluation/rows/row-set.js';
import { clusteredDelongTest, delongTest } from '../../src/evaluation/uncertainty/delong.js';
import { aucInfluence, placements } from '../../src/evaluation/uncertainty/placements.js';
import { randomStream } from '../../src/random.js';
import { clusteredWorld } from './clustered-world.js';
import { namedMetric } from './named-metric.js';

const WORLDS = 1000;
const config = evaluationConfig.parse({ bootstrap: { replicates: 200, auc: 'exact' } });
const METRICS = ['auc', 'groupAuc', 'logLoss', 'normalizedEntropy'].map((name) => namedMetric(name, config));

/** Δ of every metric, its bootstrap interval, and DeLong's two intervals, in one world. */
function intervals(seed: number, entities: number) {
  const set = buildRowSet(clusteredWorld(randomStream(seed, 'world'), entities), ['a', 'b']);
  const measured = measureModels(set, METRICS, config, seed, ['coverage'], 'segment');
  const [a, b] = measured.models;
  const [placedA, placedB] = set.models.map(({ ranked }) => placements(ranked)!);
  const [influenceA, influenceB] = set.models.map(({ ranked }) => aucInfluence(ranked, set.units));
  return {
    deltas: METRICS.map((metric) => estimateDelta(measured, a!, b!, metric, 0.95)),
    byRows: delongTest(set.label, placedA!, placedB!, 0.95)!,
    byEntities: clusteredDelongTest(placedA!.auc, placedB!.auc, influenceA!, influenceB!, 0.95)!,
  };
}

describe('95 % intervals over 1000 worlds of 150 entities', () => {
  let truths: number[] = [];
  const covered = { bootstrap: METRICS.map(() => 0), byRows: 0, byEntities: 0 };

  beforeAll(() => {
    // The truth: a world so large that its own error is a sixteenth of an interval's.
    const large = evaluationConfig.parse({ bootstrap: { replicates: 200, auc: 'linear', maxBlocks: 1000 } });
    const set = buildRowSet(clusteredWorld(randomStream(1, 'truth'), 40_000), ['a', 'b']);
    const { models, ...rest } = measureModels(set, METRICS, large, 1, ['truth'], 'segment');
    truths = METRICS.map((metric) => estimateDelta(rest, models[0]!, models[1]!, metric, 0.95).delta!);
    const covers = ({ low, high }: { low: number | null; high: number | null }, truth: number): number =>
      low! <= truth && truth <= high! ? 1 : 0;
    for (let world = 0; world < WORLDS; world++) {
      const { deltas, byRows, byEntities } = intervals(world, 150);
      deltas.forEach(({ interval }, metric) => {
        covered.bootstrap[metric]! += covers(interval, truths[metric]!);
      });
      covered.byRows += covers(byRows, truths[0]!);
      covered.byEntities += covers(byEntities, truths[0]!);
    }
  });

  it('has a true difference to find', () => {
    for (const truth of truths) expect(Math.abs(truth)).toBeGreaterThan(0.002);
  });
  it.each(METRICS.map(({ name }, index) => [name, index] as const))('bootstrap, %s', (_, index) => {
    const share = covered.bootstrap[index]! / WORLDS;
    expect(share).toBeGreaterThanOrEqual(0.93);
    expect(share).toBeLessThanOrEqual(0.97);
  });
  it('DeLong with entities as clusters', () => {
    expect(covered.byEntities / WORLDS).toBeGreaterThanOrEqual(0.93);
    expect(covered.byEntities / WORLDS).toBeLessThanOrEqual(0.97);
  });
  it('DeLong on rows, which takes them for independent, is far too narrow', () => {
    expect(covered.byRows / WORLDS).toBeLessThan(0.85);
  });
});
