// From one vector a support row to one meta embedding a task.
import type { Node } from '../../graph/ir/node.js';
import { add, mul, sub, sum } from '../../graph/ops/algebra.js';
import { constant } from '../../graph/ops/leaves.js';

/**
 * Pools vectors [tasks, support, size] with weights [tasks, support, 1] that sum to 1, or to 0 for a task without
 * support, which gets `prior` [tasks, 1, size].
 */
export function poolVectors(vectors: Node, weights: Node, prior: Node): Node {
  const pooled = sum(mul(vectors, weights), [1], true);
  const missing = sub(constant(1), sum(weights, [1], true));
  return add(pooled, mul(missing, prior));
}
