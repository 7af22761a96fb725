// Optimisers and schedules against PyTorch and NumPy (test/fixtures/make/optimizers.py).
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Tile } from '../../src/engine/tiles/tile.js';
import type { Moment } from '../../src/engine/update/optimizer.js';
import { makeOptimizer } from '../../src/engine/update/optimizers.js';
import { cosine } from '../../src/engine/update/schedules/cosine.js';
import { plateau } from '../../src/engine/update/schedules/plateau.js';
import { TableUpdate } from '../../src/engine/update/table-update.js';
import type { FieldGroup } from '../../src/models/contract/fields.js';
import { optimizerOptions } from '../../src/models/contract/options.js';

const recorded = JSON.parse(
  readFileSync(new URL('../fixtures/engine/optimizers.json', import.meta.url), 'utf8'),
);
const at = (step: number, more: Partial<Moment> = {}): Moment => ({
  step,
  epochs: 0,
  horizon: 1,
  scores: [],
  ...more,
});
const close = (found: ArrayLike<number>, expected: readonly number[]): void =>
  expect([...Array.from(found)]).toEqual(expected.map((x) => expect.closeTo(x, 5)));

const ROWS = 6;
const DIM = 2;
const field = { name: 'x', kind: 'categorical', size: ROWS, source: { kind: 'itemId' } } as const;
const group: FieldGroup = {
  name: 'g',
  width: DIM,
  dropout: 0,
  fields: [{ field, table: 'a', dim: DIM, offset: 0 }],
};

describe('the L2 penalty of embeddings over all rows', () => {
  it.each(['adam', 'sgd'] as const)('with %s is what PyTorch gives for a whole table', (name) => {
    const { l2, learningRate } = recorded.embedding;
    const { start, steps } = recorded.embedding[name];
    const options = optimizerOptions({}).parse({ name, learningRate, weightDecay: 7, embeddingL2: l2 });
    const side = {
      name: 'm',
      tables: [{ name: 'a', rows: ROWS, dim: DIM, scale: 0, optimizer: 'default' }],
      optimizers: { default: options },
    };
    const update = new TableUpdate(side, new Map([['g', group]]));
    const values = Float32Array.from(start as number[]);
    const slots = [new Float32Array(values.length), new Float32Array(values.length)];
    expect(steps.length).toBe(5);
    for (const [i, { touched, gradient, after }] of steps.entries()) {
      const indices = Int32Array.from(touched as number[]);
      const rows = { rows: indices.length, fields: [{ kind: 'categorical' as const, indices }] };
      const tile: Tile = {
        groups: [{ input: 'rows.g', group: 'g', leading: [indices.length], rows }],
        tensors: {},
      };
      const gradients = { 'rows.g': Float32Array.from(gradient as number[]) };
      update.apply([tile], [gradients], new Map([['a', values]]), new Map([['a', slots]]), at(i + 1));
      close(values, after);
    }
  });

  it('takes the place of the weight decay for tables alone', () => {
    const options = optimizerOptions({}).parse({
      name: 'sgd',
      learningRate: 1,
      weightDecay: 0.5,
      embeddingL2: 0.25,
    });
    const moved = (['weights', 'table', 'plain'] as const).map((subject) => {
      const values = Float32Array.of(1);
      makeOptimizer(options, subject).update(values, 0, 1, Float32Array.of(0), 0, [], at(1));
      return values[0];
    });
    expect(moved).toEqual([0.5, 0.75, 1]);
  });
});

it('FTRL-proximal follows its authors, coordinate by coordinate', () => {
  const { alpha, l1, l2, steps } = recorded.ftrl;
  const optimizer = makeOptimizer(
    optimizerOptions({}).parse({ name: 'ftrl', learningRate: alpha, l1, weightDecay: l2 }),
    'table',
  );
  const values = new Float32Array(4);
  const slots = [new Float32Array(4), new Float32Array(4)];
  expect(steps.length).toBe(12);
  for (const [i, { gradient, after }] of steps.entries()) {
    // A coordinate that a row does not have is not updated.
    (gradient as number[]).forEach((g, c) => {
      if (g !== 0) optimizer.update(values, c, 1, Float32Array.of(g), 0, slots, at(i + 1));
    });
    close(values, after);
  }
  expect(
    values.some((x) => x === 0) || steps.some(({ after }: { after: number[] }) => after.includes(0)),
  ).toBe(true);
});

describe('schedules', () => {
  it('plateau falls where PyTorch lets the rate fall', () => {
    expect(recorded.plateau.length).toBe(2);
    for (const { scores, shares, ...options } of recorded.plateau) {
      const share = plateau({ kind: 'plateau', ...options });
      const found = shares.map((_: number, epoch: number) =>
        share(at(1, { scores: scores.slice(0, epoch) })),
      );
      close(found, shares);
      expect(new Set(shares).size).toBeGreaterThan(2);
    }
  });

  it('a score that is no number is not better', () => {
    const share = plateau({ kind: 'plateau', factor: 0.5, patience: 1, minimum: 0 });
    expect(share(at(1, { scores: [0.7, Number.NaN, 0.8] }))).toBe(0.5);
  });

  it('cosine falls as in PyTorch, after a linear start', () => {
    const { steps, minimum, shares } = recorded.cosine;
    const plain = cosine({ kind: 'cosine', warmup: 0, minimum });
    const warm = cosine({ kind: 'cosine', warmup: 2, minimum });
    const along = (share: typeof plain, from: number): number[] =>
      shares.map((_: number, i: number) => share(at(i + 1, { epochs: from + i, horizon: from + steps })));
    close(along(plain, 0), shares);
    close(along(warm, 2), shares);
    expect(warm(at(1, { epochs: 0.5, horizon: 10 }))).toBe(0.25);
    expect(plain(at(1, { epochs: 12, horizon: 10 }))).toBeCloseTo(minimum, 12);
  });

  it('the rate of an optimiser is the share of its own', () => {
    const optimizer = makeOptimizer(
      optimizerOptions({}).parse({ name: 'sgd', learningRate: 0.5, schedule: { kind: 'plateau' } }),
      'plain',
    );
    const values = Float32Array.of(0);
    for (const moment of [at(1), at(2, { scores: [0.8, 0.7] })])
      optimizer.update(values, 0, 1, Float32Array.of(-1), 0, [], moment);
    expect(values[0]).toBeCloseTo(0.55, 6);
  });

  it('ftrl takes none', () => {
    const parsed = optimizerOptions({}).safeParse({ name: 'ftrl', schedule: { kind: 'cosine' } });
    expect(parsed.error?.issues[0]?.message).toContain('takes no schedule');
  });
});
