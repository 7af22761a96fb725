// The gate must catch a fall of 0.005 and stay silent over 50 runs of unchanged code: by formula, and by simulation.
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_GATE,
  gateLevel,
  gateLimit,
  gatePower,
  seedsNeeded,
} from '../../src/evaluation/gate-power.js';
import { compareLossSequences } from '../../src/evaluation/loss-sequence.js';
import { expectMetric, judgeMetric } from '../../src/evaluation/regression-gate.js';
import { seedSpread } from '../../src/evaluation/seed-spread.js';
import { type RandomStream, randomStream } from '../../src/random.js';

const seeds = (values: readonly number[]) => values.map((value, i) => ({ seed: i + 1, value }));
const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
const drawn = (stream: RandomStream, count: number, centre: number, sd: number): number[] =>
  Array.from({ length: count }, () => centre + sd * stream.normal());

describe('seedSpread', () => {
  it('by hand: 1, 2, 3 have mean 2, deviation 1, and a t interval of ±4.303 / √3', () => {
    const spread = seedSpread(seeds([1, 2, 3]), 0.95);
    expect(spread.mean).toBe(2);
    expect(spread.standardDeviation).toBe(1);
    expect(spread.low).toBeCloseTo(2 - 4.302652729749464 / Math.sqrt(3), 10);
    expect(spread.high).toBeCloseTo(2 + 4.302652729749464 / Math.sqrt(3), 10);
  });
  it('has no spread with one seed, and refuses none and the same one twice', () => {
    expect(seedSpread(seeds([0.7]), 0.95)).toMatchObject({ mean: 0.7, standardDeviation: null, low: null });
    expect(() => seedSpread([], 0.95)).toThrow(/No seeds/);
    expect(() =>
      seedSpread(
        [
          { seed: 1, value: 1 },
          { seed: 1, value: 2 },
        ],
        0.95,
      ),
    ).toThrow(/twice/);
  });
});

describe('the gate over simulated histories', () => {
  const [recorded, fresh, sd] = [10, 3, 0.001];
  const histories = 1000;
  const stream = randomStream(4, 'gate');
  let alarmed = 0;
  let caught = 0;
  for (let history = 0; history < histories; history++) {
    const record = expectMetric('auc', 'higher', seeds(drawn(stream, recorded, 0.75, sd)));
    const limit = gateLimit(record.standardDeviation, recorded, fresh, DEFAULT_GATE);
    const runs = Array.from({ length: 50 }, () => mean(drawn(stream, fresh, 0.75, sd)));
    if (runs.some((run) => run - record.mean < -limit)) alarmed++;
    if (mean(drawn(stream, fresh, 0.745, sd)) - record.mean < -limit) caught++;
  }
  it('raises no false alarm in any of 50 runs, in 98 of 100 histories at least', () => {
    expect(gateLevel(DEFAULT_GATE)).toBeCloseTo(0.0002, 15);
    expect(alarmed / histories).toBeLessThanOrEqual(0.02);
  });
  it('catches a planted fall of 0.005 as often as it says', () => {
    const power = gatePower(sd, recorded, fresh, DEFAULT_GATE);
    expect(power).toBeGreaterThan(0.9);
    expect(Math.abs(caught / histories - power)).toBeLessThan(0.03);
  });
});

describe('judgeMetric', () => {
  const spread = [-1.2, -0.9, -0.5, -0.2, 0, 0.1, 0.3, 0.6, 0.8, 1];
  const record = expectMetric('auc', 'higher', seeds(spread.map((z) => 0.76 + 0.001 * z)));
  it('fails beyond the limit, passes within, and asks to record a gain', () => {
    const judge = (value: number) => judgeMetric(record, seeds([value, value, value]));
    const { limit } = judge(0.76);
    expect(limit).toBeGreaterThan(0.002);
    expect(limit).toBeLessThan(0.005);
    expect(judge(record.mean - 0.005)).toMatchObject({ status: 'fail', seesRegression: true });
    expect(judge(record.mean - limit * 0.99).status).toBe('pass');
    expect(judge(record.mean - limit * 1.01).status).toBe('fail');
    expect(judge(record.mean + limit * 1.01).status).toBe('improved');
    expect(judge(record.mean - 0.005).text).toMatch(
      /^worse by 0\.00500, beyond the 0\.00\d+ that seeds explain/,
    );
  });
  it('turns round where lower is better', () => {
    const loss = expectMetric('logLoss', 'lower', record.values);
    expect(judgeMetric(loss, seeds([record.mean + 0.005])).status).toBe('fail');
    expect(judgeMetric(loss, seeds([record.mean - 0.009])).status).toBe('improved');
  });
  it('says how many seeds are needed when the noise hides the regression', () => {
    const noisy = expectMetric('auc', 'higher', seeds(spread.map((z) => 0.76 + 0.004 * z)));
    const result = judgeMetric(noisy, seeds([0.76, 0.761, 0.759]));
    expect(result.seesRegression).toBe(false);
    expect(result.power).toBeLessThan(0.3);
    const { both } = result.needed;
    expect(result.text).toContain(`record and train ${both} seeds each`);
    expect(gatePower(noisy.standardDeviation, both!, both!, DEFAULT_GATE)).toBeGreaterThanOrEqual(0.9);
    expect(gatePower(noisy.standardDeviation, both! - 1, both! - 1, DEFAULT_GATE)).toBeLessThan(0.9);
    expect(seedsNeeded(1, 10, DEFAULT_GATE)).toEqual({ fresh: null, both: null });
  });
  it('lets pass what is too small to matter even without any spread', () => {
    const fixed = expectMetric('auc', 'higher', seeds([0.7, 0.7, 0.7]));
    expect(judgeMetric(fixed, seeds([0.6995])).status).toBe('pass');
    expect(judgeMetric(fixed, seeds([0.6985]))).toMatchObject({ status: 'fail', limit: 0.001, power: 1 });
  });
  it('grows stricter with the number of checks that share the chance of a false alarm', () => {
    const four = { ...DEFAULT_GATE, checks: 4 };
    expect(gateLimit(0.001, 10, 3, four)).toBeGreaterThan(gateLimit(0.001, 10, 3, DEFAULT_GATE));
  });
  it('needs two recorded seeds', () => {
    expect(() => expectMetric('auc', 'higher', seeds([0.7]))).toThrow(
      expect.objectContaining({ code: 'CHECK_ONE_SEED' }),
    );
  });
});

describe('compareLossSequences', () => {
  it('asks for equal bits at tolerance 0', () => {
    expect(compareLossSequences([0.5, 0.25], [0.5, 0.25], 0)).toMatchObject({ same: true, exact: true });
    expect(compareLossSequences([0.5, 0.25], [0.5, 0.25 + 2 ** -54], 0)).toMatchObject({
      same: false,
      step: 1,
    });
  });
  it('lets pass small relative differences and reports the largest', () => {
    const near = compareLossSequences([1, 2], [1.00001, 2], 1e-4);
    expect(near).toMatchObject({ same: true, exact: false });
    expect(near.same && near.largestRelativeError).toBeCloseTo(1e-5, 10);
    expect(compareLossSequences([1, 2], [1, 2.1], 1e-4)).toMatchObject({
      same: false,
      step: 1,
      measured: 2.1,
    });
  });
  it('finds a missing step and a NaN', () => {
    expect(compareLossSequences([1, 2], [1], 1)).toMatchObject({ same: false, step: 1, measured: null });
    expect(compareLossSequences([1], [Number.NaN], 1)).toMatchObject({ same: false, step: 0 });
  });
});
