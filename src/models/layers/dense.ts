// A dense layer: its parameters, and its graph.

import type { Node } from '../../graph/ir/node.js';
import { add, matmul } from '../../graph/ops/algebra.js';
import type { ParameterSpec, Parameters } from '../contract/definition.js';

/** Names of a layer's parameters. */
export interface DenseNames {
  readonly weight: string;
  readonly bias: string;
}

/**
 * Weight [in, out], normal with variance `gain` / in, and bias [1, out], zero. Gain 2 keeps the size of what goes through a
 * ReLU (He et al. 2015, arXiv 1502.01852), gain 1 of what goes through nothing.
 */
export function denseParameters(
  { weight, bias }: DenseNames,
  fanIn: number,
  out: number,
  gain: 1 | 2,
): ParameterSpec[] {
  const scale = Math.sqrt(gain / fanIn);
  return [
    { name: weight, shape: [fanIn, out], init: { kind: 'normal', scale }, decay: true },
    { name: bias, shape: [1, out], init: { kind: 'constant', scale: 0 }, decay: false },
  ];
}

/** x·W + b: [..., in] → [..., out]. */
export function dense(parameters: Parameters, { weight, bias }: DenseNames, x: Node): Node {
  return add(matmul(x, parameters[weight]!), parameters[bias]!);
}
