// The meta block: from meta features to meta embeddings, through layers that each task may have moved.

import type { Node } from '../../graph/ir/node.js';
import { add, mul, sub, sum } from '../../graph/ops/algebra.js';
import { constant } from '../../graph/ops/leaves.js';
import type { Parameters } from '../contract/definition.js';
import { ACTIVATIONS, type Activation } from '../layers/activations.js';
import { layerNames } from '../layers/mlp.js';
import { applyLayer, type FastLayer, fastLayer } from './fast-weights.js';

export interface MetaBlockShape {
  /** Prefix of its parameters. */
  readonly name: string;
  readonly layers: number;
  /** Between layers; none after the last. */
  readonly activation: Activation;
}

/** The block's layers as they stand before any step. */
export function metaLayers(parameters: Parameters, { name, layers }: MetaBlockShape): FastLayer[] {
  return Array.from({ length: layers }, (_, i) => {
    const { weight, bias } = layerNames(name, i);
    return fastLayer(parameters[weight]!, parameters[bias]!);
  });
}

interface MetaForward {
  /** Input and output of each layer. */
  readonly inputs: readonly Node[];
  readonly outputs: readonly Node[];
}

/** Meta features x [tasks, rows, in] through the layers. */
export function metaForward(layers: readonly FastLayer[], activation: Activation, x: Node): MetaForward {
  const inputs: Node[] = [];
  const outputs: Node[] = [];
  let h = x;
  layers.forEach((layer, i) => {
    inputs.push(h);
    const z = applyLayer(layer, h);
    outputs.push(z);
    h = i < layers.length - 1 ? ACTIVATIONS[activation](z) : z;
  });
  return { inputs, outputs };
}

/**
 * Pools vectors [tasks, support, size] with weights [tasks, support, 1] that sum to 1, or to 0 for a task without
 * support, which gets `prior` [tasks, 1, size].
 */
export function poolVectors(vectors: Node, weights: Node, prior: Node): Node {
  const pooled = sum(mul(vectors, weights), [1], true);
  const missing = sub(constant(1), sum(weights, [1], true));
  return add(pooled, mul(missing, prior));
}
