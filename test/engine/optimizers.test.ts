// Optimisers against numbers worked by hand.
import { describe, expect, it } from 'vitest';
import {
  chain,
  type Gradient,
  type GradientTransform,
  type Moment,
  type Optimizer,
  type UpdateRule,
} from '../../src/engine/update/optimizer.js';
import { makeOptimizer } from '../../src/engine/update/optimizers.js';
import { adagrad } from '../../src/engine/update/rules/adagrad.js';
import { sgd } from '../../src/engine/update/rules/sgd.js';
import { jointNorm, scaleDown, surelyWithin } from '../../src/engine/update/transforms/clip-norm.js';
import { weightDecay } from '../../src/engine/update/transforms/weight-decay.js';
import { randomStream } from '../../src/random.js';

const momentOf = (step: number): Moment => ({ step, epochs: 1, horizon: 1, scores: [] });

function run(
  name: 'adam' | 'adagrad' | 'ftrl' | 'sgd',
  options: { learningRate: number; weightDecay?: number; l1?: number },
  start: number,
  gradients: readonly number[],
): number[] {
  const optimizer = makeOptimizer({ name, weightDecay: 0, l1: 0, ...options }, 'weights');
  const values = Float32Array.of(99, start);
  const slots = Array.from({ length: optimizer.slots }, () => new Float32Array(2));
  const path = gradients.map((gradient, i) => {
    optimizer.update(values, 1, 1, Float32Array.of(gradient), 0, slots, momentOf(i + 1));
    return values[1]!;
  });
  // A row that is not updated keeps its value and its memory.
  expect(values[0]).toBe(99);
  for (const slot of slots) expect(slot[0]).toBe(0);
  return path;
}

describe('adam', () => {
  it('moves by the learning rate on the first step, whatever the gradient', () => {
    expect(run('adam', { learningRate: 0.1 }, 1, [5])[0]).toBeCloseTo(0.9, 6);
    expect(run('adam', { learningRate: 0.1 }, 1, [-0.001])[0]).toBeCloseTo(1.1, 4);
  });

  it('follows the bias-corrected means', () => {
    // m2 = 0.9·0.1·1 + 0.1·2 = 0.29, corrected 0.29 / 0.19; v2 = 0.999·0.001 + 0.001·4 = 0.004999, corrected / 0.001999.
    const expected = 0.9 - (0.1 * (0.29 / 0.19)) / Math.sqrt(0.004999 / 0.001999);
    expect(run('adam', { learningRate: 0.1 }, 1, [1, 2])[1]).toBeCloseTo(expected, 6);
  });

  it('adds weight decay to the gradient', () => {
    // Gradient 0, decay 0.5 · value 1 = 0.5: the first step is the learning rate again.
    expect(run('adam', { learningRate: 0.1, weightDecay: 0.5 }, 1, [0])[0]).toBeCloseTo(0.9, 6);
  });
});

it('adagrad divides by the root of the summed squares, from 0.1', () => {
  const first = 1 - (0.1 * 2) / Math.sqrt(4.1);
  expect(run('adagrad', { learningRate: 0.1 }, 1, [2, 1])).toEqual([
    expect.closeTo(first, 6),
    expect.closeTo(first - 0.1 / Math.sqrt(5.1), 6),
  ]);
});

describe('ftrl', () => {
  it('is sparse: a gradient within the L1 bound leaves zero', () => {
    expect(run('ftrl', { learningRate: 0.1, l1: 1 }, 0, [0.9])[0]).toBe(0);
  });

  it('follows McMahan et al. 2013, algorithm 1', () => {
    // First: z = 3, n = 9; w = −(3 − 1) / ((1 + 3) / 0.1 + 2) = −2 / 42.
    const first = -2 / 42;
    // Then g = 4: sigma = (5 − 3) / 0.1 = 20; z = 3 + 4 − 20·w = 7 + 40/42; n = 25; w = −(z − 1) / (6 / 0.1 + 2).
    const second = -(7 + 40 / 42 - 1) / 62;
    const path = run('ftrl', { learningRate: 0.1, l1: 1, weightDecay: 2 }, 0, [3, 4]);
    expect(path).toEqual([expect.closeTo(first, 6), expect.closeTo(second, 6)]);
  });
});

it('sgd steps against the gradient', () => {
  expect(run('sgd', { learningRate: 0.5, weightDecay: 0.1 }, 1, [2])[0]).toBeCloseTo(1 - 0.5 * 2.1, 6);
});

describe('the chain', () => {
  const options = { name: 'sgd', learningRate: 0.5, weightDecay: 0.1, l1: 0 } as const;
  const stepped = (optimizer: Optimizer): number => {
    const values = Float32Array.of(1);
    optimizer.update(
      values,
      0,
      1,
      Float32Array.of(2),
      0,
      [new Float32Array(1), new Float32Array(1)],
      momentOf(1),
    );
    return values[0]!;
  };

  it('decays weights and tables, biases and rates not', () => {
    const moved = (['weights', 'table', 'plain'] as const).map((subject) =>
      stepped(makeOptimizer(options, subject)),
    );
    expect(moved).toEqual([expect.closeTo(-0.05, 6), expect.closeTo(-0.05, 6), 0]);
  });

  it('leaves the decay to a rule that has its own', () => {
    const ftrl = { ...options, name: 'ftrl', weightDecay: 2 } as const;
    // z = 2 - 4·1 = -2, n = 4; w = 2 / ((1 + 2) / 0.5 + 2) = 0.25, whatever is updated.
    for (const subject of ['weights', 'plain'] as const)
      expect(stepped(makeOptimizer(ftrl, subject))).toBeCloseTo(0.25, 6);
  });

  it('applies transforms in order, and follows the schedule of the rate', () => {
    const double: GradientTransform = ({ scale, decay }) => ({ scale: 2 * scale, decay: 2 * decay });
    const seen: Gradient[] = [];
    const rule: UpdateRule = (_rateOf, gradient) => {
      seen.push(gradient);
      return { slots: 0, update: () => undefined };
    };
    const rate = (): number => 1;
    chain(rule, [double, weightDecay], rate, options, 'table');
    chain(rule, [weightDecay, double], rate, options, 'table');
    expect(seen).toEqual([
      { scale: 2, decay: 0.1 },
      { scale: 2, decay: 0.2 },
    ]);
    const falling = chain(adagrad, [], ({ step }) => 1 / step, options, 'table');
    const values = Float32Array.of(0);
    const slots = [new Float32Array(1)];
    for (const step of [1, 2]) falling.update(values, 0, 1, Float32Array.of(1), 0, slots, momentOf(step));
    expect(values[0]).toBeCloseTo(-1 / Math.sqrt(1.1) - 0.5 / Math.sqrt(2.1), 6);
    // Twice the gradient: the first step of plain descent is twice as long.
    const twice = chain(sgd, [double], () => 0.5, { ...options, weightDecay: 0 }, 'plain');
    expect(stepped(twice)).toBe(1 - 0.5 * 4);
  });
});

describe('clipping', () => {
  /** As an update does it: exactly only where the quick sum leaves it open. */
  const clipNorm = (gradients: Map<string, Float32Array>, limit: number): void => {
    if (!surelyWithin(jointNorm(gradients) ** 2, limit)) scaleDown(gradients, jointNorm(gradients), limit);
  };

  const gradients = (): Map<string, Float32Array> =>
    new Map([
      ['a', Float32Array.of(3, 0, 0, 0, 0)],
      ['b', Float32Array.of(4)],
    ]);

  it.each([
    [6, [3, 4]],
    [5, [3, 4]],
    [2.5, [1.5, 2]],
  ])('leaves a joint norm of 5 within %d', (limit, [a, b]) => {
    const clipped = gradients();
    clipNorm(clipped, limit);
    expect([clipped.get('a')![0], clipped.get('b')![0]]).toEqual([a, b]);
  });

  it('scales by the squares added in order', () => {
    const stream = randomStream(2, 'clip');
    const values = Float32Array.from({ length: 1001 }, () => stream.normal());
    let squares = 0;
    for (const value of values) squares += value * value;
    const norm = Math.sqrt(squares);
    for (const limit of [norm, norm * (1 - 2 ** -52), norm / 3]) {
      const clipped = new Map([['a', values.slice()]]);
      clipNorm(clipped, limit);
      expect(clipped.get('a')).toEqual(
        norm <= limit ? values : values.map((value) => value * (limit / norm)),
      );
    }
  });
});
