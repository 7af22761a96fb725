// Cross layers of the deep & cross network, version 2 (Wang et al. 2021, arXiv 2008.13535): products of features of bounded degree.
import type { Node } from '../../graph/ir/node.js';
import { add, mul } from '../../graph/ops/algebra.js';
import type { ParameterSpec, Parameters } from '../contract/definition.js';
import { dense, denseParameters } from './dense.js';
import { layerNames } from './mlp.js';

/** Parameters `<name>.w<i>` [width, width] and `<name>.b<i>` [1, width] of so many layers. */
export function crossParameters(name: string, layers: number, width: number): ParameterSpec[] {
  return Array.from({ length: layers }, (_, i) =>
    denseParameters(layerNames(name, i), width, width, 1),
  ).flat();
}

/** xₗ₊₁ = x₀ ⊙ (xₗ·W + b) + xₗ: [..., width] → [..., width]. */
export function cross(parameters: Parameters, name: string, layers: number, x0: Node): Node {
  let x = x0;
  for (let i = 0; i < layers; i++) x = add(mul(x0, dense(parameters, layerNames(name, i), x)), x);
  return x;
}
