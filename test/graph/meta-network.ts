// A small two-block network and its inner loop, written with the graph alone: MAML in one page, by which the engine is
// judged. The per-task weights are spelled out, unlike in the models, which never write them down.

import { differentiate } from '../../src/graph/differentiate.js';
import type { Shape } from '../../src/graph/ir/dims.js';
import type { Node } from '../../src/graph/ir/node.js';
import { algebra, expand, matmul, sum } from '../../src/graph/ops/algebra.js';
import * as ops from '../../src/graph/ops/elementwise.js';
import { concat } from '../../src/graph/ops/joining.js';
import { constant, input } from '../../src/graph/ops/leaves.js';

export const ACTIVATIONS = {
  relu: ops.relu,
  softplus: ops.softplus,
  tanh: ops.tanh,
  sigmoid: ops.sigmoid,
} as const;
export type Activation = keyof typeof ACTIVATIONS;

export interface MetaNetworkOptions {
  readonly activation: Activation;
  readonly steps: number;
  /** c of the inner loss Σ / (n + c). */
  readonly shrinkage: number;
  /** What the outer loss sees of the inner gradient by adapted weight `index` at `step`. */
  readonly inner: (gradient: Node, step: number, index: number) => Node;
}

export interface MetaNetwork {
  /** The outer loss: the mean over all real query rows of all tasks. */
  readonly loss: Node;
  /** The inner gradients by step and adapted weight, [tasks, ...]. */
  readonly innerGradients: readonly (readonly Node[])[];
}

/** Names of the adapted weights, w0, b0, w1, b1 of the meta block. */
export const ADAPTED = ['w0', 'b0', 'w1', 'b1'] as const;

export type ParameterShapes = Readonly<Record<string, readonly number[]>>;

/** The inputs of one side: x [tasks, rows, in], g [tasks, rows, features], y and mask [tasks, rows, 1]. */
function sideInputs(side: string, widths: { x: number; g: number }): Record<'x' | 'g' | 'y' | 'mask', Node> {
  const part = (name: string, width: number): Node =>
    input(`${side}.${name}`, ['tasks', side, width] satisfies Shape);
  return { x: part('x', widths.x), g: part('g', widths.g), y: part('y', 1), mask: part('mask', 1) };
}

export function metaNetwork(shapes: ParameterShapes, options: MetaNetworkOptions): MetaNetwork {
  const { steps, shrinkage, inner } = options;
  const act = ACTIVATIONS[options.activation];
  const p = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, input(name, shape)]));
  const widths = { x: shapes['w0']![0]!, g: shapes['v0']![0]! - shapes['w1']![1]! };
  const [support, query] = [sideInputs('support', widths), sideInputs('query', widths)];

  const logits = (fast: readonly Node[], x: Node, g: Node): Node => {
    const hidden = act(algebra.add(matmul(x, fast[0]!), fast[1]!));
    const vector = algebra.add(matmul(hidden, fast[2]!), fast[3]!);
    const joined = act(algebra.add(matmul(concat([vector, g]), p['v0']!), p['c0']!));
    return algebra.add(matmul(joined, p['v1']!), p['c1']!);
  };
  const logistic = (z: Node, y: Node): Node => algebra.sub(ops.softplus(z), algebra.mul(y, z));
  const total = (x: Node): Node => sum(x, [0, 1, 2]);

  let fast = ADAPTED.map((name) => expand(p[name]!, ['tasks', ...shapes[name]!]));
  const innerGradients: Node[][] = [];
  const rows = algebra.add(sum(support.mask, [1], true), constant(shrinkage));
  for (let step = 0; step < steps; step++) {
    const loss = algebra.mul(support.mask, logistic(logits(fast, support.x, support.g), support.y));
    const gradients = differentiate(total(algebra.div(loss, rows)), fast);
    innerGradients.push(gradients);
    fast = fast.map((weight, i) =>
      algebra.sub(weight, algebra.mul(p['rate']!, inner(gradients[i]!, step, i))),
    );
  }
  const loss = algebra.mul(query.mask, logistic(logits(fast, query.x, query.g), query.y));
  return { loss: algebra.div(total(loss), total(query.mask)), innerGradients };
}
