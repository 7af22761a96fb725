// Dense layers one after the other, with an activation between them and none after the last.
import type { Node } from '../../graph/ir/node.js';
import type { ParameterSpec, Parameters } from '../contract/definition.js';
import { ACTIVATIONS, type Activation } from './activations.js';
import { type DenseNames, dense, denseParameters } from './dense.js';

/** Names of layer `i` of the network `name`. */
export function layerNames(name: string, i: number): DenseNames {
  return { weight: `${name}.w${i}`, bias: `${name}.b${i}` };
}

/** Parameters `<name>.w<i>` [in, out] and `<name>.b<i>` [1, out] of dense layers with the given widths. */
export function mlpParameters(name: string, widths: readonly number[]): ParameterSpec[] {
  const last = widths.length - 2;
  return widths
    .slice(1)
    .flatMap((out, i) => denseParameters(layerNames(name, i), widths[i]!, out, i < last ? 2 : 1));
}

/** x [..., in] → [..., out] through `layers` layers. */
export function mlp(
  parameters: Parameters,
  name: string,
  layers: number,
  x: Node,
  activation: Activation = 'relu',
): Node {
  let h = x;
  for (let i = 0; i < layers; i++) {
    const z = dense(parameters, layerNames(name, i), h);
    h = i < layers - 1 ? ACTIVATIONS[activation](z) : z;
  }
  return h;
}
