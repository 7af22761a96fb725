// The meta block and its inner loop: MAML (Finn et al. 2017) on one part of the network.

import { differentiate } from '../../graph/differentiate.js';
import type { Node } from '../../graph/ir/node.js';
import { add, mul, sub, sum } from '../../graph/ops/algebra.js';
import { detach, relu } from '../../graph/ops/elementwise.js';
import type { Parameters } from '../definition.js';
import { applyLayer, type FastLayer, fastLayer, stepLayer } from './fast-weights.js';

/** What a gradient step moves: every layer (MAML), the last layer (ANIL), or the vector itself (CAVIA). */
export type Adapted = 'block' | 'last-layer' | 'vector';

export interface InnerLoop {
  readonly steps: number;
  readonly adapt: Adapted;
  /** First order: the inner gradient is treated as a constant by the outer one. */
  readonly firstOrder: boolean;
  /** The rate of layer `layer`'s weight or bias (or of the vector) at a step, a scalar node. */
  readonly rate: (step: number, layer: number, part: 'weight' | 'bias' | 'vector') => Node;
  /** The inner loss, summed over tasks, of meta embeddings [tasks, rows, size] on the support rows. */
  readonly loss: (vectors: Node) => Node;
}

interface Forward {
  /** Input and output of each layer on the meta rows. */
  readonly inputs: readonly Node[];
  readonly outputs: readonly Node[];
}

function forward(layers: readonly FastLayer[], x: Node): Forward {
  const inputs: Node[] = [];
  const outputs: Node[] = [];
  let h = x;
  layers.forEach((layer, i) => {
    inputs.push(h);
    const z = applyLayer(layer, h);
    outputs.push(z);
    h = i < layers.length - 1 ? relu(z) : z;
  });
  return { inputs, outputs };
}

/** A meta block after its inner loop: gives meta embeddings [tasks, rows, size] for meta features [tasks, rows, in]. */
export type AdaptedBlock = (x: Node) => Node;

/**
 * Runs the inner loop on the support rows' meta features `x` [tasks, rows, in] (rows is 1 when the meta features are
 * the entity's own, else one a support row) and returns the adapted block. The gradient steps are part of the graph,
 * so differentiating what the block returns gives the second-order meta-gradient.
 */
export function adaptBlock(
  parameters: Parameters,
  name: string,
  layers: number,
  x: Node,
  inner: InnerLoop,
): AdaptedBlock {
  let weights = Array.from({ length: layers }, (_, i) =>
    fastLayer(parameters[`${name}.w${i}`]!, parameters[`${name}.b${i}`]!),
  );
  let shift: Node | undefined;
  const vectorOf = (outputs: readonly Node[]): Node => {
    const last = outputs[outputs.length - 1]!;
    return shift === undefined ? last : sub(last, shift);
  };
  const settle = (node: Node): Node => (inner.firstOrder ? detach(node) : node);
  // One node for all steps: the first layer's steps add up in one update, by the identity of their input.
  const settledX = settle(x);
  for (let step = 0; step < inner.steps; step++) {
    const pass = forward(weights, x);
    const vector = vectorOf(pass.outputs);
    const loss = inner.loss(vector);
    if (inner.adapt === 'vector') {
      // One shift a task: where each support row has a vector of its own, their gradients add up.
      const gradient = settle(differentiate(loss, [vector])[0]!);
      const total = gradient.shape[1] === 1 ? gradient : sum(gradient, [1], true);
      const move = mul(inner.rate(step, layers - 1, 'vector'), total);
      shift = shift === undefined ? move : add(shift, move);
      continue;
    }
    const moved = inner.adapt === 'last-layer' ? [layers - 1] : pass.outputs.map((_, i) => i);
    const gradients = differentiate(
      loss,
      moved.map((i) => pass.outputs[i]!),
    );
    const next = [...weights];
    moved.forEach((i, place) => {
      const input = i === 0 ? settledX : settle(pass.inputs[i]!);
      next[i] = stepLayer(
        weights[i]!,
        input,
        settle(gradients[place]!),
        inner.rate(step, i, 'weight'),
        inner.rate(step, i, 'bias'),
      );
    });
    weights = next;
  }
  return (rows) => vectorOf(forward(weights, rows).outputs);
}
