// The check's rows: metrics against their spread over seeds, losses of the same seed, recipe and data.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Expectation, SeedResult } from '../../src/experiments/check/expectation.js';
import { type CheckRow, judge } from '../../src/experiments/check/judge.js';
import { setupRow } from '../../src/experiments/check/setup.js';
import { randomStream } from '../../src/random.js';

const SIZE = { regression: 0.005, tolerance: 0.001 };

/** Results of seeds whose AUC is normal around `mean`; the other metrics move with it. */
function results(
  seeds: readonly number[],
  mean: number,
  deviation: number,
  world: number,
): readonly SeedResult[] {
  return seeds.map((seed) => {
    const auc = mean + deviation * randomStream(world, 'auc', seed).normal();
    return { seed, metrics: { auc, groupAuc: auc - 0.01, logLoss: 1 - auc }, losses: [0.6, 0.5] };
  });
}

const range = (from: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => from + i);
const failures = (rows: readonly CheckRow[]): readonly string[] =>
  rows.filter(({ failed }) => failed).map(({ name }) => name);
const row = (rows: readonly CheckRow[], name: string): CheckRow => rows.find((found) => found.name === name)!;

describe('metrics', () => {
  // So little that three seeds see a fall of 0.005 against ten recorded ones.
  const DEVIATION = 0.0008;

  it('do not fail in 50 runs of unchanged code with new seeds, for two expectations', () => {
    let failed = 0;
    for (let world = 0; world < 2; world++) {
      const expected = results(range(1, 10), 0.76, DEVIATION, world);
      for (let run = 0; run < 50; run++) {
        const found = results(range(1000 + 3 * run, 3), 0.76, DEVIATION, world);
        failed += failures(judge(expected, found, SIZE)).length;
      }
    }
    expect(failed).toBe(0);
  });

  it('catch a planted regression of 0.005, as often as the row says', () => {
    let caught = 0;
    let promised = 0;
    for (let world = 0; world < 40; world++) {
      const expected = results(range(1, 10), 0.76, DEVIATION, world);
      const auc = row(judge(expected, results(range(1000, 3), 0.755, DEVIATION, world), SIZE), 'auc');
      caught += auc.failed ? 1 : 0;
      promised += auc.power! / 40;
    }
    expect(caught).toBeGreaterThanOrEqual(35);
    expect(Math.abs(caught / 40 - promised)).toBeLessThan(0.1);
  });

  it('tell a gain from a loss, and fail by the loss only', () => {
    const expected = results(range(1, 4), 0.7, 1e-4, 1);
    const found = (auc: number): readonly SeedResult[] => results([9, 10], auc, 1e-4, 1);
    expect(row(judge(expected, found(0.72), SIZE), 'auc')).toMatchObject({
      verdict: 'improved',
      failed: false,
    });
    expect(row(judge(expected, found(0.68), SIZE), 'auc')).toMatchObject({ verdict: 'fail', failed: true });
    expect(row(judge(expected, found(0.68), SIZE), 'logLoss')).toMatchObject({
      verdict: 'fail',
      failed: true,
    });
    expect(row(judge(expected, found(0.7), SIZE), 'auc')).toMatchObject({ verdict: 'pass', failed: false });
  });

  it('that are undefined are said not to be comparable', () => {
    const without: readonly SeedResult[] = [1, 2].map((seed) => ({
      seed,
      metrics: { auc: null, groupAuc: null, logLoss: 0.5 },
      losses: [],
    }));
    expect(row(judge(without, without, SIZE), 'auc')).toMatchObject({
      verdict: 'not comparable',
      failed: false,
    });
  });
});

describe('losses', () => {
  const seed = (number: number, losses: readonly number[]): SeedResult => ({
    seed: number,
    metrics: { auc: 0.7, groupAuc: null, logLoss: 0.5 },
    losses: [...losses],
  });

  it('of a seed that both have are held, over the epochs that both have', () => {
    const expected = [seed(1, [0.6, 0.5, 0.4]), seed(2, [0.6]), seed(4, [0.6])];
    const rows = judge(
      expected,
      [seed(1, [0.6, 0.5005]), seed(2, [0.61]), seed(3, [9]), seed(4, [0.6])],
      SIZE,
    );
    expect(
      rows
        .filter(({ name }) => name.startsWith('loss,'))
        .map(({ name, verdict, note }) => [name, verdict, note]),
    ).toEqual([
      ['loss, seed 1', 'pass', '2 epochs, off by 1.0e-3 at most'],
      ['loss, seed 2', 'changed', 'first off at epoch 1: the computation has changed'],
      ['loss, seed 4', 'pass', '1 epochs, equal to the last bit'],
    ]);
    expect(failures(rows)).toEqual(['loss, seed 2']);
    expect(failures(judge(expected, [seed(1, [0.6, Number.NaN])], SIZE))).toEqual(['loss, seed 1']);
  });
});

describe('recipe and data', () => {
  const setup = { model: { name: 'limaml', inner: { steps: 3 } }, training: { epochs: 2 } };
  const expected = { recipe: setup, data: 'a'.repeat(64) } as unknown as Expectation;

  it('must be those of the expectation; what differs is named', () => {
    expect(setupRow(expected, { ...setup }, 'a'.repeat(64))).toMatchObject({
      verdict: 'pass',
      failed: false,
    });
    const other = { model: { name: 'limaml', inner: { steps: 1 } }, training: { epochs: 2, clip: 5 } };
    expect(setupRow(expected, other, 'b'.repeat(64))).toMatchObject({
      verdict: 'changed',
      failed: true,
      note: 'model.inner.steps 3 → 1, training.clip absent → 5, data aaaaaaaa → bbbbbbbb',
    });
  });
});

describe('the committed record of experiments/synthetic', () => {
  const expected = (
    JSON.parse(
      readFileSync(new URL('../../experiments/synthetic/expected.json', import.meta.url), 'utf8'),
    ) as Expectation
  ).results;
  const aucs = expected.map(({ metrics }) => metrics.auc!);
  const mean = aucs.reduce((sum, auc) => sum + auc, 0) / aucs.length;
  const deviation = Math.sqrt(aucs.reduce((sum, auc) => sum + (auc - mean) ** 2, 0) / (aucs.length - 1));

  it('does not fail in 50 runs with new seeds that spread as the recorded ones do', () => {
    expect(expected.length).toBe(16);
    const stream = randomStream(5, 'new seeds');
    let failed = 0;
    for (let run = 0; run < 50; run++) {
      const found = range(1000 + 3 * run, 3).map((seed) => {
        // Metrics of one training move together: a whole recorded result, moved a little.
        const { metrics, losses } = expected[stream.integer(expected.length)]!;
        const move = 0.25 * deviation * stream.normal();
        const { auc, groupAuc, logLoss } = metrics;
        return {
          seed,
          losses,
          metrics: { auc: auc! + move, groupAuc: groupAuc! + move, logLoss: logLoss! - move },
        };
      });
      failed += failures(judge(expected, found, SIZE)).length;
    }
    expect(failed).toBe(0);
  });

  it('catches 0.005 of AUC lost by any recorded seed, however much other seeds spread', () => {
    for (const { seed, metrics, losses } of expected) {
      const found = [{ seed, losses, metrics: { ...metrics, auc: metrics.auc! - 0.005 } }];
      expect(failures(judge(expected, found, SIZE))).toEqual([`auc, seed ${seed}`]);
    }
  });
});
