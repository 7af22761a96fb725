// The benchmark's settings are whole, and our engine on them computes what PyTorch computes.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compareChecks } from '../../bench/compare/agreement.js';
import { engineSpecs } from '../../bench/engines/engine-list.js';
import { trainDenseEngine } from '../../bench/engines/limaml-dense.js';
import { trainRowsEngine } from '../../bench/engines/limaml-rows.js';
import { denseMeta } from '../../bench/workloads/dense-meta.js';
import { gflopOf } from '../../bench/workloads/gflop.js';
import { deepRows } from '../../bench/workloads/rows.js';
import { settings } from '../../bench/workloads/settings.js';

const recorded = JSON.parse(
  readFileSync(new URL('../fixtures/bench/a1-losses.json', import.meta.url), 'utf8'),
) as { losses: number[] };

const KINDS = [
  'meta-dense',
  'meta-sparse',
  'adapt-dense',
  'adapt-sparse',
  'score',
  'rows-small',
  'rows-large',
  'replay',
];

describe('settings', () => {
  it('are twelve, each with a name of its own', () => {
    expect(settings.map(({ name }) => name)).toEqual([
      'a1',
      'a5',
      'b',
      'c1',
      'c3',
      'd',
      'e-small-1024',
      'e-large-1024',
      'e-small-4096',
      'e-large-4096',
      '1d',
      'event',
    ]);
    expect(settings.map(({ group }) => group)).toEqual([
      'train',
      'train',
      'train',
      'adapt',
      'adapt',
      'score',
      'rows',
      'rows',
      'rows',
      'rows',
      'replay',
      'replay',
    ]);
  });

  it('of every kind are run by our engine, first, and by peers, whose scripts are there: in PyTorch and, but for the replay, JAX', () => {
    for (const kind of KINDS) {
      const specs = engineSpecs.filter(({ kinds }) => kinds.includes(kind));
      expect([...new Set(specs.map(({ family }) => family))]).toEqual([
        'limaml',
        'pytorch',
        ...(kind === 'replay' ? [] : ['jax']),
      ]);
      expect(new Set(specs.map(({ name }) => name)).size).toBe(specs.length);
      for (const { family, script } of specs)
        expect(existsSync(new URL(`../../bench/peers/${script}`, import.meta.url))).toBe(family !== 'limaml');
    }
  });

  it('have arrays as long as their shapes', () => {
    let arrays = 0;
    // The scoring workload takes seconds to draw; it is held to its shapes when it is written.
    for (const setting of settings.filter(({ name }) => name === 'a1' || name === 'b')) {
      const { kind, arrays: weights, batches, numbers } = setting.build();
      for (const { shape, data } of [weights, ...batches].flatMap((part) => Object.values(part))) {
        expect(data.length).toBe(shape.reduce((a, b) => a * b, 1));
        arrays++;
      }
      expect(numbers['tasks']).toBe(setting.perStep);
      expect(KINDS).toContain(kind);
    }
    // a1: 8 weights, 4 batches of 6; b: 9 weights and tables, 4 batches of 6.
    expect(arrays).toBe(8 + 24 + 9 + 24);
  });

  it('count the products of the plain program', () => {
    // a0 would be the query pass alone: 2 · 4,096 rows · (forward 12,352 + backward by weights and inputs).
    // Meta 64·64 + 64·32, global 32·64 + 64·64 + 64 multiply-adds a row; backward doubles all but the two input products.
    const forward = 64 * 64 + 64 * 32 + 32 * 64 + 64 * 64 + 64;
    const backward = 64 * 64 + 2 * 64 * 32 + 2 * 32 * 64 + 64 * 64 + 2 * 64;
    const workload = denseMeta('a0', 0);
    expect(gflopOf(workload)).toBeCloseTo((2 * 4096 * (forward + backward)) / 1e9, 10);
  });
});

describe('our engine on a1', () => {
  it.each([
    ['in the main thread', 0],
    ['on two workers', 2],
  ])('%s gives the losses of PyTorch', async (_, workers) => {
    const engine = await trainDenseEngine(denseMeta('a1', 1), workers);
    try {
      const losses = await engine.checks();
      expect(losses.length).toBe(20);
      const { disagreements } = compareChecks(
        [
          { name: 'torch', checks: recorded.losses },
          { name: 'limaml', checks: losses },
        ],
        1e-4,
      );
      expect(disagreements).toEqual([]);
    } finally {
      await engine.close();
    }
  });
});

describe('our engine on rows', () => {
  it('gives the same losses on any number of threads, and learns', async () => {
    const workload = deepRows('e-test', 1024, 'small');
    const losses: (readonly number[])[] = [];
    for (const workers of [0, 2]) {
      const engine = await trainRowsEngine(workload, workers);
      losses.push(await engine.checks());
      await engine.close();
    }
    const [alone, shared] = losses;
    expect(shared).toEqual(alone);
    expect(alone!.length).toBe(20);
    expect(Math.min(...alone!.slice(10))).toBeLessThan(alone![0]!);
    // 160·256 + 256·128 + 128 multiply-adds a row, three times over.
    expect(gflopOf(workload)).toBeCloseTo((2 * 3 * 1024 * (160 * 256 + 256 * 128 + 128)) / 1e9, 10);
  });
});
