// The bootstrap: a replicate must be the metric of the rows repeated, and intervals must follow from replicates as stated.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateDelta } from '../../src/evaluation/comparison/compare-models.js';
import { measureModels } from '../../src/evaluation/comparison/measure-models.js';
import { evaluationConfig } from '../../src/evaluation/config/evaluation-config.js';
import { metricsOf } from '../../src/evaluation/metrics/metric.js';
import { entityCounts, metricRows } from '../../src/evaluation/metrics/metric-rows.js';
import { METRICS } from '../../src/evaluation/metrics/registry.js';
import { buildRowSet } from '../../src/evaluation/rows/row-set.js';
import { bootstrapInterval, quantileOfSorted } from '../../src/evaluation/uncertainty/bootstrap-interval.js';
import {
  resampledBlocks,
  ruleEvaluator,
  sumByBlock,
} from '../../src/evaluation/uncertainty/entity-bootstrap.js';
import { holmAdjusted } from '../../src/evaluation/uncertainty/holm.js';
import { randomStream } from '../../src/random.js';
import { floats, scoredRows } from './arrays.js';
import { clusteredWorld } from './clustered-world.js';
import { namedMetric } from './named-metric.js';

const config = evaluationConfig.parse({
  k: [2, 4],
  calibration: { kind: 'equal-width', bins: 5 },
  bootstrap: { auc: 'exact', replicates: 400 },
});

describe('a replicate', () => {
  const world = clusteredWorld(randomStream(5, 'world'), 12);
  const blocks = resampledBlocks(12, 100, randomStream(1));
  const set = buildRowSet(world, ['a']);
  const measure = (of: typeof set) => {
    const { ranked } = of.models[0]!;
    const rows = metricRows(ranked, entityCounts(ranked, of.units), config);
    return new Map(metricsOf(METRICS, config).map(({ name, measure }) => [name, measure(rows)]));
  };
  const metrics = measure(set);
  const names = [...metrics.keys()];
  const rules = names.map((name) => metrics.get(name)!.rule!(blocks));

  it('measures every metric', () => {
    expect(names.length).toBeGreaterThanOrEqual(7 + 6);
    expect(rules.length).toBe(names.length);
  });

  it('in which every entity counts once is the metric itself', () => {
    const out = names.map(() => new Float64Array(4));
    ruleEvaluator(rules)(new Float64Array(12 * 4).fill(1), out, 0);
    names.forEach((name, i) => {
      expect(out[i]![3], name).toBeCloseTo(metrics.get(name)!.value!, 12);
    });
  });

  it('in which entities count several times is the metric of the rows repeated', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 12, maxLength: 12 }), (times) => {
        fc.pre(times.filter((count) => count > 0).length > 3);
        // Row by row, each copy of an entity as an entity of its own.
        const parts = { label: [] as number[], entity: [] as number[], scores: { a: [] as number[] } };
        for (let row = 0; row < world.rows; row++)
          for (let copy = 0; copy < times[world.entity[row]! - 1]!; copy++) {
            parts.label.push(world.label[row]!);
            parts.entity.push(world.entity[row]! + 100 * copy);
            parts.scores.a.push(world.scores.get('a')![row]!);
          }
        const repeated = buildRowSet(scoredRows(parts), ['a']);
        const expected = measure(repeated);
        const weights = new Float64Array(12 * 4);
        times.forEach((count, unit) => {
          weights[unit * 4 + 2] = count;
        });
        const out = names.map(() => new Float64Array(4));
        ruleEvaluator(rules)(weights, out, 0);
        names.forEach((name, i) => {
          // The calibration line takes one Newton step only: near, not equal; see the next test.
          if (name === 'calibrationSlope' || name === 'calibrationIntercept') return;
          const value = expected.get(name)!.value ?? Number.NaN;
          if (Number.isNaN(value)) expect(out[i]![2], name).toBe(Number.NaN);
          else expect(out[i]![2], name).toBeCloseTo(value, 12);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('takes a Newton step that is near the refitted calibration line', () => {
    const large = clusteredWorld(randomStream(6, 'world'), 300);
    const full = buildRowSet(large, ['a']);
    const own = resampledBlocks(300, 1000, randomStream(1));
    const of = measure(full).get('calibrationSlope')!;
    // Leave out every tenth entity.
    const kept = (row: number): boolean => large.entity[row]! % 10 !== 0;
    const rows = Array.from({ length: large.rows }, (_, row) => row).filter(kept);
    const part = buildRowSet(
      scoredRows({
        label: rows.map((row) => large.label[row]!),
        entity: rows.map((row) => large.entity[row]!),
        scores: { a: rows.map((row) => large.scores.get('a')![row]!) },
      }),
      ['a'],
    );
    const refitted = measure(part).get('calibrationSlope')!;
    const out = [new Float64Array(4)];
    const weights = new Float64Array(300 * 4);
    for (let unit = 0; unit < 300; unit++) weights[unit * 4] = (unit + 1) % 10 === 0 ? 0 : 1;
    ruleEvaluator([of.rule!(own)])(weights, out, 0);
    const moved = Math.abs(refitted.value! - of.value!);
    expect(moved).toBeGreaterThan(1e-4);
    expect(Math.abs(out[0]![0]! - refitted.value!)).toBeLessThan(0.05 * moved);
  });
});

describe('shortcuts', () => {
  const set = buildRowSet(clusteredWorld(randomStream(8, 'world'), 600), ['a', 'b']);
  const deltaError = (
    auc: 'exact' | 'linear',
    maxBlocks: number,
    replicates: number,
    name = 'auc',
  ): number => {
    const options = evaluationConfig.parse({ bootstrap: { auc, maxBlocks, replicates } });
    const metric = namedMetric(name, options);
    const measured = measureModels(set, [metric], options, 3, ['test'], 'all');
    return estimateDelta(measured, measured.models[0]!, measured.models[1]!, metric, 0.95).interval
      .standardError!;
  };
  const exact = deltaError('exact', 10_000, 4000);
  it('linear AUC replicates spread like exact ones', () => {
    expect(deltaError('linear', 10_000, 4000) / exact).toBeGreaterThan(0.97);
    expect(deltaError('linear', 10_000, 4000) / exact).toBeLessThan(1.03);
  });
  it('so do linear PR-AUC replicates', () => {
    const ratio = deltaError('linear', 10_000, 1000, 'prAuc') / deltaError('exact', 10_000, 1000, 'prAuc');
    expect(ratio).toBeGreaterThan(0.95);
    expect(ratio).toBeLessThan(1.05);
  });
  it('random blocks spread like entities', () => {
    expect(deltaError('linear', 300, 4000) / exact).toBeGreaterThan(0.88); // error of √(2/300)/2 = 4 %
    expect(deltaError('linear', 300, 4000) / exact).toBeLessThan(1.12);
  });
  it('blocks hold every entity once and are equal in size', () => {
    const { blocks, blockOf, what } = resampledBlocks(1000, 250, randomStream(2));
    expect(what).toBe('random blocks of entities');
    expect([...sumByBlock(new Float64Array(1000).fill(1), { blocks, blockOf, what })]).toEqual(
      Array(250).fill(4),
    );
  });
  it('the same seed gives the same replicates, another seed others', () => {
    const replicates = (seed: number) =>
      measureModels(
        set,
        [namedMetric('auc', config)],
        evaluationConfig.parse({ bootstrap: { replicates: 200 } }),
        seed,
        ['x'],
        'segment',
      ).models[0]!.replicates.get('auc')!;
    expect([...replicates(1)]).toEqual([...replicates(1)]);
    expect([...replicates(1)]).not.toEqual([...replicates(2)]);
  });
});

describe('bootstrapInterval', () => {
  const ramp = Float64Array.from({ length: 999 }, (_, i) => i + 1); // replicates 1 … 999
  it('takes quantiles at (n + 1) p', () => {
    expect(quantileOfSorted(ramp, 0.025)).toBeCloseTo(25, 10);
    expect(quantileOfSorted(ramp, 0.975)).toBeCloseTo(975, 10);
  });
  it('is the percentile interval for many entities, wider for few', () => {
    const many = bootstrapInterval(500, ramp, 1_000_000, 0.95, 'percentile');
    expect(many.low).toBeCloseTo(25, 2);
    expect(many.high).toBeCloseTo(975, 2);
    const few = bootstrapInterval(500, ramp, 20, 0.95, 'percentile');
    expect(few.low!).toBeLessThan(20);
    expect(few.high!).toBeGreaterThan(980);
  });
  it('turns round for the basic kind', () => {
    const { low, high } = bootstrapInterval(100, ramp, 1_000_000, 0.95, 'basic');
    expect(low).toBeCloseTo(200 - 975, 2);
    expect(high).toBeCloseTo(200 - 25, 2);
  });
  it('has a p-value that is never 0 and is 1 when nothing differs', () => {
    expect(bootstrapInterval(500, ramp, 100, 0.95, 'percentile').pValue).toBe(2 / 1000);
    expect(bootstrapInterval(0, new Float64Array(999), 100, 0.95, 'percentile').pValue).toBe(1);
    const mixed = floats([-1, ...Array.from({ length: 998 }, () => 1)]);
    expect(bootstrapInterval(1, mixed, 100, 0.95, 'percentile').pValue).toBe(4 / 1000);
  });
  it('refuses few entities and replicates without a value', () => {
    expect(bootstrapInterval(1, ramp, 9, 0.95, 'percentile').reason).toMatch(/only 9 entities/);
    const holes = ramp.map((value, i) => (i % 10 === 0 ? Number.NaN : value));
    expect(bootstrapInterval(1, holes, 50, 0.95, 'percentile').reason).toMatch(/100 of 999/);
  });
});

describe('holmAdjusted', () => {
  it('by hand, in the order given', () => {
    // Sorted: 0.01 × 3, 0.02 × 2, 0.5 × 1.
    expect(holmAdjusted([0.5, 0.01, 0.02])).toEqual([0.5, 0.03, 0.04]);
    // A later p-value is never less than an earlier one; null does not count.
    expect(holmAdjusted([0.03, null, 0.02])).toEqual([0.04, null, 0.04]);
    expect(holmAdjusted([0.9, 0.8])).toEqual([1, 1]);
  });
});
