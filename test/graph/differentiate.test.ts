// Differentiation as a whole: sums over paths, inputs nothing depends on, intermediate nodes, deep graphs.

import { describe, expect, it } from 'vitest';
import { differentiate } from '../../src/graph/differentiate.js';
import { topologicalOrder } from '../../src/graph/ir/node.js';
import { add, expand, matmul, mul, reshape, sum, transpose } from '../../src/graph/ops/algebra.js';
import { detach, exp } from '../../src/graph/ops/elementwise.js';
import { concat } from '../../src/graph/ops/joining.js';
import { constant, input } from '../../src/graph/ops/leaves.js';
import { scatterAdd } from '../../src/graph/ops/lookup.js';
import { interpret } from '../../src/testing/float64/interpreter.js';
import { value } from '../../src/testing/float64/value.js';

const x = input('x', [2]);
const feeds = { x: value([3, 5], [2]) };
const numbers = (node: Parameters<typeof interpret>[0][number]): number[] => [
  ...interpret([node], feeds)[0]!.data,
];

describe('differentiate', () => {
  it('adds up what flows back along every path', () => {
    // y = x³ + x, so y' = 3x² + 1 and y'' = 6x.
    const y = add(mul(mul(x, x), x), x);
    const [first] = differentiate(y, [x]);
    const [second] = differentiate(first!, [x]);
    const [third] = differentiate(second!, [x]);
    expect(numbers(first!)).toEqual([28, 76]);
    expect(numbers(second!)).toEqual([18, 30]);
    expect(numbers(third!)).toEqual([6, 6]);
  });

  it('gives zeros for what y does not depend on', () => {
    const other = input('other', [3]);
    expect(numbers(differentiate(exp(x), [other])[0]!)).toEqual([0, 0, 0]);
  });

  it('gives the gradient by a node inside the graph, and by an input through it', () => {
    // y = (2x)²: by the inner node u = 2x it is 2u, by x it is 8x.
    const u = mul(x, constant(2));
    const [byU, byX] = differentiate(mul(u, u), [u, x]);
    expect(numbers(byU!)).toEqual([12, 20]);
    expect(numbers(byX!)).toEqual([24, 40]);
  });

  it('gives ones for y itself', () => {
    expect(numbers(differentiate(x, [x])[0]!)).toEqual([1, 1]);
  });

  it('takes what is detached for a constant', () => {
    // y = x · detach(x²): y' = x², where the whole derivative is 3x².
    expect(numbers(differentiate(mul(x, detach(mul(x, x))), [x])[0]!)).toEqual([9, 25]);
  });

  it('does not run out of stack on ten thousand operations', () => {
    let y = x;
    for (let i = 1; i <= 10_000; i++) y = add(y, constant(i));
    expect(topologicalOrder([y]).length).toBe(20_001);
    expect(numbers(differentiate(y, [x])[0]!)).toEqual([1, 1]);
  });
});

describe('topologicalOrder', () => {
  it('lists each node once, inputs before users', () => {
    const a = exp(x);
    const b = mul(a, x);
    const c = add(b, a);
    expect(topologicalOrder([c, a])).toEqual([x, a, b, c]);
  });
});

describe('shape rules refuse', () => {
  const matrix = input('m', ['rows', 2]);
  it.each([
    ['a product whose inner sizes differ', () => matmul(matrix, matrix), 'cannot multiply'],
    ['a product with a vector', () => matmul(matrix, x), 'cannot multiply'],
    ['a sum over an axis that is not there', () => sum(matrix, [2]), 'cannot sum'],
    ['a sum over a negative axis', () => sum(matrix, [-1]), 'cannot sum'],
    ['a sum over one axis twice', () => sum(matrix, [0, 0]), 'cannot sum'],
    ['the transpose of a vector', () => transpose(x), 'no last two axes'],
    ['an expansion that shrinks', () => expand(matrix, [2]), 'does not expand'],
    ['a reshape to another size', () => reshape(matrix, ['rows', 3]), 'does not reshape'],
    ['joining rows of different counts', () => concat([matrix, input('n', ['tasks', 1])]), 'cannot join'],
    [
      'adding values at indices of another shape',
      () => scatterAdd(matrix, input('at', [3], 'int64'), 4),
      'cannot add',
    ],
  ])('%s', (_what, build, message) => {
    expect(build).toThrow(message);
  });
});
