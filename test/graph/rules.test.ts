// Products regrouped while a graph is built: the same values as the plain graph, with less work.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differentiate } from '../../src/graph/differentiate.js';
import type { Dim, Shape } from '../../src/graph/ir/dims.js';
import { makeNode, type Node, topologicalOrder } from '../../src/graph/ir/node.js';
import { add, matmul, mul, neg, reshape, sub, sum, transpose } from '../../src/graph/ops/algebra.js';
import { addOp, mulOp, relu, step, subOp } from '../../src/graph/ops/elementwise.js';
import { constant, input } from '../../src/graph/ops/leaves.js';
import { gather } from '../../src/graph/ops/lookup.js';
import { matmulOp } from '../../src/graph/ops/matrix.js';
import { reshapeOp, sumOp } from '../../src/graph/ops/shaping.js';
import { relativeError } from '../../src/testing/float64/finite-differences.js';
import { interpret } from '../../src/testing/float64/interpreter.js';
import type { Values } from '../../src/testing/float64/value.js';
import { CASE_SIZES, drawn } from './cases/op-case.js';

const WIDTH = 4;
const SHAPES: readonly Shape[] = [
  ['tasks', 'support', WIDTH],
  ['tasks', 'support', 1],
  ['tasks', 1, WIDTH],
  ['tasks', 1, 1],
  [1, WIDTH],
  [WIDTH],
  [1, 1, 1],
  [],
];
const size = (dim: Dim): number => (typeof dim === 'number' ? dim : CASE_SIZES[dim]!);

/** Inputs x0, x1 … of the shapes, and numbers for them. */
function inputs(shapes: readonly Shape[]): { nodes: Node[]; feeds: Values } {
  const nodes = shapes.map((shape, i) => input(`x${i}`, shape));
  const feeds = Object.fromEntries(
    shapes.map((shape, i) => [`x${i}`, drawn(shape.map(size), 'any', `factors ${i}`)]),
  );
  return { nodes, feeds };
}

const plain = (factors: readonly Node[]): Node => factors.reduce((a, b) => makeNode(mulOp, [a, b]));

/** A full factor first, so that the product always has all three axes. */
const factorShapes = fc
  .array(fc.constantFrom(...SHAPES), { minLength: 1, maxLength: 4 })
  .chain((rest) => fc.shuffledSubarray([SHAPES[0]!, ...rest], { minLength: 1 + rest.length }));

function expectSame(found: Node, expected: Node, feeds: Values, xs: readonly Node[]): void {
  expect(found.shape).toEqual(expected.shape);
  const [a, b] = interpret([found, expected], feeds, CASE_SIZES);
  expect(relativeError(a!, b!)).toBeLessThan(1e-12);
  const gradients = interpret(
    [...differentiate(found, xs), ...differentiate(expected, xs)],
    feeds,
    CASE_SIZES,
  );
  xs.forEach((_, i) => {
    expect(relativeError(gradients[i]!, gradients[xs.length + i]!)).toBeLessThan(1e-12);
  });
}

describe('a regrouped expression has the values and gradients of the plain one', () => {
  it('sums of products, over any axes', () => {
    fc.assert(
      fc.property(
        factorShapes,
        fc.subarray([0, 1, 2], { minLength: 1 }),
        fc.boolean(),
        fc.boolean(),
        (shapes, axes, keep, negative) => {
          const { nodes, feeds } = inputs(shapes);
          const product = nodes.reduce(mul);
          const found = sum(negative ? neg(product) : product, axes, keep);
          const whole = makeNode(sumOp, [plain(nodes)], { axes, keep: keep ? 1 : 0 });
          expectSame(found, negative ? makeNode(mulOp, [whole, constant(-1)]) : whole, feeds, nodes);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('sums and differences of two products with a factor in common', () => {
    fc.assert(
      fc.property(
        factorShapes,
        factorShapes,
        fc.constantFrom(...SHAPES),
        fc.boolean(),
        (left, right, common, less) => {
          const { nodes, feeds } = inputs([common, ...left, ...right]);
          const shared = nodes[0]!;
          const [a, b] = [nodes.slice(1, 1 + left.length), nodes.slice(1 + left.length)];
          const found = (less ? sub : add)(mul(a.reduce(mul), shared), mul(shared, b.reduce(mul)));
          const expected = makeNode(less ? subOp : addOp, [plain([...a, shared]), plain([...b, shared])]);
          expectSame(found, expected, feeds, nodes);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('products with a matrix, of a product or its transpose, flat or not', () => {
    fc.assert(
      fc.property(factorShapes, fc.constantFrom('right', 'flat left', 'transposed'), (shapes, form) => {
        const { nodes, feeds } = inputs([...shapes, [WIDTH, 3], ['tasks', 'support', 3]]);
        const factors = nodes.slice(0, shapes.length);
        const [matrix, rows] = nodes.slice(shapes.length) as [Node, Node];
        const build = (product: Node, times: (a: Node, b: Node) => Node): Node => {
          if (form === 'right') return times(product, matrix);
          if (form === 'transposed') return times(transpose(rows), product);
          const flat = (x: Node, width: number): Node =>
            makeNode(reshapeOp, [x], { shape: ['tasks*support', width] });
          return times(transpose(flat(rows, 3)), form === 'flat left' ? flat(product, WIDTH) : product);
        };
        const found = build(factors.reduce(mul), matmul);
        const expected = build(plain(factors), (a, b) => makeNode(matmulOp, [a, b]));
        expectSame(found, expected, feeds, nodes);
      }),
      { numRuns: 200 },
    );
  });
});

const muls = (node: Node, shape: Shape): number =>
  topologicalOrder([node]).filter((x) => x.op === mulOp && String(x.shape) === String(shape)).length;

describe('the work that is left', () => {
  const [mask, g, v] = [
    input('mask', ['tasks', 'support', WIDTH]),
    input('g', ['tasks', 'support', 1]),
    input('v', [WIDTH, 1]),
  ];

  it('of a masked outer product summed over the rows is a matrix product and a scaling', () => {
    const total = sum(mul(matmul(g, transpose(v)), mask), [1], true);
    expect(total.op.name).toBe('mul');
    expect(total.inputs[0]!.op.name).toBe('matmul');
    expect(muls(total, ['tasks', 'support', WIDTH])).toBe(0);
    // By hand: one task, two rows; masks (1,0) and (1,1), g = 2 and 3, v = (5, 7): (5·(2 + 3), 7·3).
    const feeds: Values = {
      mask: { data: Float64Array.of(1, 0, 1, 1), shape: [1, 2, 2] },
      g: { data: Float64Array.of(2, 3), shape: [1, 2, 1] },
      v: { data: Float64Array.of(5, 7), shape: [2, 1] },
    };
    const two = sum(
      mul(matmul(input('g', ['t', 's', 1]), transpose(input('v', [2, 1]))), input('mask', ['t', 's', 2])),
      [1],
      true,
    );
    expect([...interpret([two], feeds)[0]!.data]).toEqual([25, 21]);
  });

  it('of the gradients of several steps through one product is one product', () => {
    const [x, w] = [input('x', ['tasks', 'support', 8]), input('w', [8, WIDTH])];
    const loss = [1, 2, 3]
      .map((shift) => sum(relu(add(matmul(x, w), constant(shift))), [0, 1, 2]))
      .reduce(add);
    const [byX, byW] = differentiate(loss, [x, w]);
    const products = topologicalOrder([loss, byX!, byW!]).filter((node) => node.op === matmulOp);
    expect(products.length).toBe(3);
  });

  it('of rows that are read more than once is laid out afterwards, and of a table that is read here and there before', () => {
    const [x, w] = [input('x', ['rows', 8]), input('w', [8, WIDTH])];
    const at = input('at', ['tasks', 'support'], 'int64');
    const found = matmul(gather(x, at), w);
    expect(found.op.name).toBe('gather');
    const feeds: Values = {
      x: drawn([5, 8], 'any', 'x'),
      w: drawn([8, WIDTH], 'any', 'w'),
      at: drawn([2, 3], { below: 5 }, 'at'),
    };
    expectSame(found, makeNode(matmulOp, [gather(x, at), w]), feeds, [x, w]);
    expect(matmul(gather(input('table', [1000, 8]), at), w).op.name).toBe('matmul');
  });

  it('of an expression built twice is the work of one', () => {
    expect(step(mul(mask, g))).toBe(step(mul(mask, g)));
    expect(matmul(g, transpose(v))).toBe(matmul(g, transpose(v)));
    expect(reshape(mask, ['tasks*support', WIDTH])).toBe(reshape(mask, ['tasks*support', WIDTH]));
    expect(constant(0.25)).toBe(constant(0.25));
    expect(sum(mask, [1])).not.toBe(sum(mask, [0]));
    expect(input('mask', ['tasks', 'support', WIDTH])).not.toBe(mask);
  });
});
