// How support rows weigh in the inner loss: the decision that sets how far a step goes with the evidence.
import type { Node } from '../../graph/ir/node.js';
import { add, div, mul, sum } from '../../graph/ops/algebra.js';
import { constant } from '../../graph/ops/leaves.js';

export type InnerLossKind = 'mean' | 'sum' | 'shrunk';

/**
 * Weight of every support row [tasks, support, 1], 0 where padded: 1/n, 1, or 1/(n + c) of a task with n rows. With
 * `shrunk` five rows move the meta block less than two hundred do (our own choice; the paper's text known to us is
 * silent).
 */
export function supportWeights(kind: InnerLossKind, mask: Node, c: Node): Node {
  if (kind === 'sum') return mask;
  const n = sum(mask, [1], true);
  // A task without support has only zeros in its mask: any positive divisor will do for the mean.
  return mul(mask, div(constant(1), add(n, kind === 'mean' ? constant(1e-9) : c)));
}
