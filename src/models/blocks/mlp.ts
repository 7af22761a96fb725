// Dense layers: their parameters, and their graph.
import type { Node } from '../../graph/ir/node.js';
import { add, matmul } from '../../graph/ops/algebra.js';
import { relu } from '../../graph/ops/elementwise.js';
import type { ParameterSpec, Parameters } from '../definition.js';

/** Parameters `<name>.w<i>` [in, out] and `<name>.b<i>` [1, out] of dense layers with the given widths. */
export function mlpParameters(name: string, widths: readonly number[]): ParameterSpec[] {
  return widths.slice(1).flatMap((out, i): ParameterSpec[] => {
    const fanIn = widths[i]!;
    // He et al. 2015 for layers that a ReLU follows, half the variance for the last one.
    const scale = Math.sqrt((i < widths.length - 2 ? 2 : 1) / fanIn);
    return [
      { name: `${name}.w${i}`, shape: [fanIn, out], init: { kind: 'normal', scale }, decay: true },
      { name: `${name}.b${i}`, shape: [1, out], init: { kind: 'constant', scale: 0 }, decay: false },
    ];
  });
}

/** ReLU between layers, none after the last: x [..., in] → [..., out]. */
export function mlp(parameters: Parameters, name: string, layers: number, x: Node): Node {
  let h = x;
  for (let i = 0; i < layers; i++) {
    const z = add(matmul(h, parameters[`${name}.w${i}`]!), parameters[`${name}.b${i}`]!);
    h = i < layers - 1 ? relu(z) : z;
  }
  return h;
}
