// Batch norm: by hand, against PyTorch (test/fixtures/make/batch_norm.py), and against finite differences.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sharedFloats } from '../../src/engine/model-state.js';
import { countName, sumName } from '../../src/engine/programs/training-pass.js';
import { followAverages } from '../../src/engine/update/running-averages.js';
import { differentiate } from '../../src/graph/differentiate.js';
import type { Shape } from '../../src/graph/ir/dims.js';
import type { Node } from '../../src/graph/ir/node.js';
import { mul, sum } from '../../src/graph/ops/algebra.js';
import { input } from '../../src/graph/ops/leaves.js';
import type { TrainingPass } from '../../src/models/contract/training-pass.js';
import { batchNorm, batchNormParameters } from '../../src/models/layers/batch-norm.js';
import { finiteDifferences, relativeError } from '../../src/testing/float64/finite-differences.js';
import { interpret } from '../../src/testing/float64/interpreter.js';
import { type Value, type Values, value } from '../../src/testing/float64/value.js';

interface Packed {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
const reference = JSON.parse(
  readFileSync(new URL('../fixtures/graph/batch-norm.json', import.meta.url), 'utf8'),
) as {
  readonly scale: Packed;
  readonly shift: Packed;
  readonly batches: readonly (Record<'x' | 'u' | 'weight' | 'y', Packed> &
    Record<'first' | 'second', Record<'x' | 'scale' | 'shift', Packed>> &
    Record<'mean' | 'variance', readonly number[]>)[];
  readonly evaluated: Record<'x' | 'y', Packed>;
};

const NAMES = { scale: 'scale', shift: 'shift', mean: 'mean', variance: 'variance' };
const WRT = ['x', 'scale', 'shift'] as const;
const fed = ({ data, shape }: Packed): Value => value(data, shape);
const total = (node: Node): Node =>
  sum(
    node,
    node.shape.map((_, axis) => axis),
  );

/** The layer in training, its sums, and Σ weight · u · y³ with its first and second derivatives. */
function layer(leading: Shape, width: number) {
  const leaves = {
    x: input('x', [...leading, width]),
    ...Object.fromEntries(Object.values(NAMES).map((name) => [name, input(name, [1, width])])),
  } as Record<string, Node>;
  const weight = input('weight', [...leading, 1]);
  const sums: Record<string, Node> = {};
  const pass: TrainingPass = {
    weight,
    mask: (_name, x) => x,
    average: (name, of, count) => Object.assign(sums, { [sumName(name)]: of, [countName(name)]: count }),
  };
  const y = batchNorm(leaves, NAMES, leaves['x']!, pass);
  const loss = total(mul(weight, mul(input('u', [...leading, width]), mul(y, mul(y, y)))));
  const wrt = WRT.map((name) => leaves[name]!);
  const first = differentiate(loss, wrt);
  const bent = total(mul(first[0]!, first[0]!));
  return {
    y,
    loss,
    first,
    bent,
    second: differentiate(bent, wrt),
    sums,
    scored: batchNorm(leaves, NAMES, leaves['x']!, undefined),
  };
}

function near(found: ArrayLike<number>, expected: ArrayLike<number>, digits: number): void {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expect(found[i]).toBeCloseTo(expected[i]!, digits);
}

describe('batch norm against PyTorch', () => {
  const { y, first, second, sums, scored } = layer(['rows'], 3);
  const specs = batchNormParameters(NAMES, 3);
  const state = {
    parameters: new Map(specs.map(({ name, init }) => [name, sharedFloats(3).fill(init.scale)] as const)),
    tables: new Map(),
  };
  const learned = { scale: fed(reference.scale), shift: fed(reference.shift) };

  it('has its outputs, gradients of both orders and running statistics, batch after batch', () => {
    expect(reference.batches.length).toBe(2);
    reference.batches.forEach((batch, b) => {
      const feeds = { x: fed(batch.x), weight: fed(batch.weight), u: fed(batch.u), ...learned };
      const kept = batch.weight.data.flatMap((w) => [w, w, w].map((one) => one > 0));
      const outputs = interpret([y], feeds)[0]!.data.filter((_, i) => kept[i]);
      near(
        outputs,
        batch.y.data.filter((_, i) => kept[i]),
        12,
      );
      // The weight of a real row, 1/4, stands before the loss; squared before the sum of its gradients' squares.
      WRT.forEach((name, i) => {
        const [once, twice] = [first, second].map((nodes) => interpret([nodes[i]!], feeds)[0]!.data);
        near(
          once!.map((d) => 4 * d),
          batch.first[name].data,
          10,
        );
        near(
          twice!.map((d) => 16 * d),
          batch.second[name].data,
          8,
        );
      });
      const tile = Object.fromEntries(
        Object.entries(sums).map(([name, node]) => [
          name,
          Float32Array.from(interpret([node], feeds)[0]!.data),
        ]),
      );
      followAverages(specs, state.parameters, [tile], b + 1);
      for (const name of ['mean', 'variance'] as const) near(state.parameters.get(name)!, batch[name], 5);
    });
  });

  it('scores by the running statistics', () => {
    const last = reference.batches.at(-1)!;
    const feeds: Values = {
      x: fed(reference.evaluated.x),
      ...learned,
      mean: value(last.mean, [1, 3]),
      variance: value(last.variance, [1, 3]),
    };
    near(interpret([scored], feeds)[0]!.data, reference.evaluated.y.data, 12);
  });
});

describe('batch norm by hand', () => {
  const { y, loss, first, bent, second, sums } = layer(['tasks', 'query'], 1);
  const one = { scale: value([2], [1, 1]), shift: value([10], [1, 1]) };

  it('counts the rows of all tasks whose weight is not zero, each once', () => {
    // Rows 1 and 3 count: mean 2, variance 1 (unbiased 2).
    const feeds = {
      x: value([1, 99, 3, -99], [2, 2, 1]),
      weight: value([0.5, 0, 0.125, 0], [2, 2, 1]),
      ...one,
    };
    const of = (node: Node): number[] => [...interpret([node], feeds)[0]!.data];
    const root = Math.sqrt(1 + 1e-5);
    near(of(y), [10 - 2 / root, 10 + 194 / root, 10 + 2 / root, 10 - 202 / root], 10);
    expect([sumName('mean'), countName('mean')].map((name) => of(sums[name]!))).toEqual([[4], [2]]);
    expect([sumName('variance'), countName('variance')].map((name) => of(sums[name]!))).toEqual([[2], [1]]);
  });

  it('gives the shift for a tile of one row, which has no variance to follow', () => {
    const feeds = { x: value([7], [1, 1, 1]), weight: value([1], [1, 1, 1]), ...one };
    const [out, count] = interpret([y, sums[countName('variance')]!], feeds);
    expect([out!.data[0], count!.data[0]]).toEqual([10, 0]);
  });

  it('has the derivatives of both orders that finite differences give', () => {
    const feeds = {
      x: value([1, 99, 3, 2.5, -1, 0.5], [3, 2, 1]),
      weight: value([0.5, 0, 0.125, 0.25, 0.25, 1], [3, 2, 1]),
      u: value([1, 2, -1, 0.5, 3, -2], [3, 2, 1]),
      ...one,
    };
    for (const [found, of] of [
      [first, loss],
      [second, bent],
    ] as const) {
      const expected = finiteDifferences(of, [...WRT], feeds);
      const gradients = interpret(found, feeds);
      const wrong = gradients.map((gradient, i) => relativeError(gradient, expected[i]!));
      expect(wrong.filter((error) => error < 1e-6)).toHaveLength(WRT.length);
    }
  });
});
