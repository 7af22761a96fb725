// The inner loop: MAML (Finn et al. 2017) on one part of the network, its gradient steps written out in the graph.

import { differentiate } from '../../graph/differentiate.js';
import type { Node } from '../../graph/ir/node.js';
import { add, mul, sub, sum } from '../../graph/ops/algebra.js';
import { detach } from '../../graph/ops/elementwise.js';
import type { Parameters } from '../contract/definition.js';
import { type FastLayer, stepLayer } from './fast-weights.js';
import { type MetaBlockShape, metaForward, metaLayers } from './meta-block.js';

/** What a gradient step moves: every layer (MAML), the last layer (ANIL), or the vector itself (CAVIA). */
export type Adapted = 'block' | 'last-layer' | 'vector';

interface InnerLoop {
  readonly steps: number;
  readonly adapt: Adapted;
  /** First order: the inner gradient is treated as a constant by the outer one. */
  readonly firstOrder: boolean;
  /** The rate of layer `layer`'s weight or bias (or of the vector) at a step, a scalar node. */
  readonly rate: (step: number, layer: number, part: 'weight' | 'bias' | 'vector') => Node;
  /** The inner loss, summed over tasks, of meta embeddings [tasks, rows, size] on the support rows. */
  readonly loss: (vectors: Node) => Node;
}

/** A meta block after its inner loop: gives meta embeddings [tasks, rows, size] for meta features [tasks, rows, in]. */
export type AdaptedBlock = (x: Node) => Node;

/** Where the steps have led: layers moved, or a shift [tasks, 1, size] that is taken off the last one's output. */
interface Position {
  readonly layers: readonly FastLayer[];
  readonly shift: Node | undefined;
}

/**
 * Runs the inner loop on the support rows' meta features `x` [tasks, rows, in] (rows is 1 when the meta features are
 * the entity's own, else one a support row) and returns the adapted block. The gradient steps are part of the graph,
 * so differentiating what the block returns gives the second-order meta-gradient.
 */
export function adaptBlock(
  parameters: Parameters,
  block: MetaBlockShape,
  x: Node,
  inner: InnerLoop,
): AdaptedBlock {
  return adaptPath(parameters, block, x, inner).at(-1)!;
}

/** The same after 0, 1, … all inner steps. */
export function adaptPath(
  parameters: Parameters,
  block: MetaBlockShape,
  x: Node,
  inner: InnerLoop,
): readonly [AdaptedBlock, ...AdaptedBlock[]] {
  const settle = (node: Node): Node => (inner.firstOrder ? detach(node) : node);
  // One node for all steps: the first layer's steps add up in one update, by the identity of their input.
  const settledX = settle(x);
  const adapted =
    ({ layers, shift }: Position): AdaptedBlock =>
    (rows) =>
      shifted(metaForward(layers, block.activation, rows).outputs, shift);
  let position: Position = { layers: metaLayers(parameters, block), shift: undefined };
  const path: [AdaptedBlock, ...AdaptedBlock[]] = [adapted(position)];
  for (let step = 0; step < inner.steps; step++) {
    const { inputs, outputs } = metaForward(position.layers, block.activation, x);
    const vectors = shifted(outputs, position.shift);
    const loss = inner.loss(vectors);
    position =
      inner.adapt === 'vector'
        ? moveVector(
            position,
            settle(differentiate(loss, [vectors])[0]!),
            inner.rate(step, block.layers - 1, 'vector'),
          )
        : moveLayers(position, inputs, outputs, loss, step);
    path.push(adapted(position));
  }
  return path;

  function moveLayers(
    from: Position,
    inputs: readonly Node[],
    outputs: readonly Node[],
    loss: Node,
    step: number,
  ): Position {
    const moved = inner.adapt === 'last-layer' ? [block.layers - 1] : outputs.map((_, i) => i);
    const gradients = differentiate(
      loss,
      moved.map((i) => outputs[i]!),
    );
    const layers = [...from.layers];
    moved.forEach((i, place) => {
      layers[i] = stepLayer(
        from.layers[i]!,
        i === 0 ? settledX : settle(inputs[i]!),
        settle(gradients[place]!),
        inner.rate(step, i, 'weight'),
        inner.rate(step, i, 'bias'),
      );
    });
    return { ...from, layers };
  }
}

function shifted(outputs: readonly Node[], shift: Node | undefined): Node {
  const last = outputs[outputs.length - 1]!;
  return shift === undefined ? last : sub(last, shift);
}

/** One shift a task: where each support row has a vector of its own, their gradients add up. */
function moveVector({ layers, shift }: Position, gradient: Node, rate: Node): Position {
  const total = gradient.shape[1] === 1 ? gradient : sum(gradient, [1], true);
  const move = mul(rate, total);
  return { layers, shift: shift === undefined ? move : add(shift, move) };
}
