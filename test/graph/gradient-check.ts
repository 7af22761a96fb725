// The check of one case: its first and second derivatives against finite differences.

import { differentiate } from '../../src/graph/differentiate.js';
import type { Shape } from '../../src/graph/ir/dims.js';
import { makeNode, type Node } from '../../src/graph/ir/node.js';
import { add, mul, sum } from '../../src/graph/ops/algebra.js';
import { mulOp } from '../../src/graph/ops/elementwise.js';
import { input } from '../../src/graph/ops/leaves.js';
import { finiteDifferences, relativeError } from '../../src/testing/float64/finite-differences.js';
import { interpret } from '../../src/testing/float64/interpreter.js';
import type { Value, Values } from '../../src/testing/float64/value.js';
import { drawn, type OpCase } from './cases/op-case.js';

/** Finite differences in float64 agree with a right gradient to about 1e-9; a wrong term is off by far more. */
export const TOLERANCE = 1e-7;

/** A case with its scalar loss, its gradient by each input of numbers, and a scalar of that gradient. */
interface DifferentiatedCase {
  readonly feeds: Values;
  /** Names of the inputs that hold numbers, as in `gradients` and `seconds`. */
  readonly names: readonly string[];
  readonly loss: Node;
  readonly gradients: readonly Node[];
  readonly directional: Node;
  readonly seconds: readonly Node[];
}

/**
 * The loss Σ (w·y + y²/2) of the case's output y, with fixed weights w: its derivative by y depends on the inputs, so a
 * rule that loses a second-order path is wrong even where the op itself is linear. `directional` is the gradient's
 * product with fixed directions, differentiated once more in `seconds`.
 */
export function differentiateCase(test: OpCase): DifferentiatedCase {
  const names = [...test.inputs].flatMap(([name, node]) => (node.dtype === 'float32' ? [name] : []));
  const xs = names.map((name) => test.inputs.get(name)!);
  const feeds: Record<string, Value> = { ...test.feeds };
  const weights = (name: string, shape: Shape, sizes: readonly number[]): Node => {
    feeds[name] = drawn(sizes, 'any', `${test.op} ${test.label} ${name}`);
    return input(name, shape);
  };
  const y = test.output;
  const sizes = interpret([y], feeds, test.sizes)[0]!.shape;
  const half = mul(product(y, y), input('half', []));
  feeds['half'] = { data: Float64Array.of(0.5), shape: [] };
  const loss = total(add(product(y, weights('weights', y.shape, sizes)), half));
  const gradients = differentiate(loss, xs);
  const directional = gradients
    .map((gradient, i) =>
      mul(gradient, weights(`direction ${names[i]}`, xs[i]!.shape, feeds[names[i]!]!.shape)),
    )
    .map(total)
    .reduce(add);
  return { feeds, names, loss, gradients, directional, seconds: differentiate(directional, xs) };
}

function total(x: Node): Node {
  return sum(
    x,
    x.shape.map((_, axis) => axis),
  );
}

/** By case: what its loss is hangs on no gradient rule, whichever of them is broken. */
const firstDifferences = new Map<OpCase, readonly Value[]>();

/** The largest relative error of the case's first and second derivatives. */
export function gradientError(test: OpCase): { first: number; second: number } {
  const { feeds, names, loss, gradients, directional, seconds } = differentiateCase(test);
  const worst = (actual: readonly Node[], expected: readonly Value[]): number =>
    Math.max(...interpret(actual, feeds, test.sizes).map((found, i) => relativeError(found, expected[i]!)));
  const expected = firstDifferences.get(test) ?? finiteDifferences(loss, names, feeds, test.sizes);
  firstDifferences.set(test, expected);
  return {
    first: worst(gradients, expected),
    second: worst(seconds, finiteDifferences(directional, names, feeds, test.sizes)),
  };
}

/** A product that is not simplified: the builder would take a negation out of it, and with it the op under test. */
function product(a: Node, b: Node): Node {
  return makeNode(mulOp, [a, b]);
}
