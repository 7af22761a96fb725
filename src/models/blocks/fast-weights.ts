// Dense layers whose weights each task has moved by gradient steps, without ever writing those weights down.
//
// A gradient step on a layer z = h·W + b changes W by −rate · hᵀ·δ, where δ is the loss gradient by z on the support
// rows. So on any rows x the moved layer gives x·W + b − rate · ((x·hᵀ)·δ + Σδ): the shared product x·W is one large
// multiplication over all tasks, and the task's own part costs only (rows × support) products. The per-task weight
// [tasks, in, out] and its gradient never exist.
import type { Node } from '../../graph/ir/node.js';
import { add, matmul, mul, sub, sum, transpose } from '../../graph/ops/algebra.js';
import { constant } from '../../graph/ops/leaves.js';

/** One gradient step on a layer, or several whose support inputs were the same node. */
interface Update {
  /** Layer input on the support rows, [tasks, support, in]. */
  readonly input: Node;
  /** rate · δ, [tasks, support, out]. */
  readonly delta: Node;
  /** Whether the bias moves by the sum of the same `delta`. */
  readonly withBias: boolean;
}

export interface FastLayer {
  /** Shared start values, [in, out] and [1, out]. */
  readonly weight: Node;
  readonly bias: Node;
  readonly updates: readonly Update[];
  /** What steps with a rate of its own took off the bias, [tasks, 1, out]. */
  readonly biasDelta: Node | undefined;
}

export function fastLayer(weight: Node, bias: Node): FastLayer {
  return { weight, bias, updates: [], biasDelta: undefined };
}

/** x [tasks, rows, in] → [tasks, rows, out] through the task's moved weights. */
export function applyLayer(layer: FastLayer, x: Node): Node {
  let z = add(matmul(x, layer.weight), layer.bias);
  for (const { input, delta, withBias } of layer.updates) {
    const alike = matmul(x, transpose(input));
    z = sub(z, matmul(withBias ? add(alike, constant(1)) : alike, delta));
  }
  return layer.biasDelta === undefined ? z : sub(z, layer.biasDelta);
}

/**
 * The layer after one gradient step. `input` [tasks, support, in] and `gradient` (by the layer's output, summed
 * loss, [tasks, support, out]) are of the support rows; rates are scalars or broadcast.
 */
export function stepLayer(
  layer: FastLayer,
  input: Node,
  gradient: Node,
  weightRate: Node,
  biasRate: Node,
): FastLayer {
  const delta = mul(weightRate, gradient);
  const withBias = weightRate === biasRate;
  // The first layer sees the same support rows at every step: its steps add up in one update.
  const same = layer.updates.findIndex((update) => update.input === input && update.withBias === withBias);
  const updates =
    same < 0
      ? [...layer.updates, { input, delta, withBias }]
      : layer.updates.map((update, i) =>
          i === same ? { input, delta: add(update.delta, delta), withBias } : update,
        );
  if (withBias) return { ...layer, updates };
  const rows = gradient.shape[1] === 1 ? gradient : sum(gradient, [1], true);
  const biasStep = mul(biasRate, rows);
  const biasDelta = layer.biasDelta === undefined ? biasStep : add(layer.biasDelta, biasStep);
  return { ...layer, updates, biasDelta };
}
