// Logistic loss from logits, and how support rows weigh in the inner loss.

import type { Node } from '../../graph/ir/node.js';
import { add, div, mul, sub, sum } from '../../graph/ops/algebra.js';
import { softplus } from '../../graph/ops/elementwise.js';
import { constant } from '../../graph/ops/leaves.js';

/** Logistic loss of each row, softplus(z) − y·z, same shape as `logits`; `label` is 0 or 1. */
function logisticLoss(logits: Node, label: Node): Node {
  return sub(softplus(logits), mul(label, logits));
}

/** The scalar Σ weight · loss. */
export function weightedLoss(logits: Node, label: Node, weight: Node): Node {
  const rows = mul(weight, logisticLoss(logits, label));
  return sum(
    rows,
    rows.shape.map((_, axis) => axis),
  );
}

export type InnerLossKind = 'mean' | 'sum' | 'shrunk';

/**
 * Weight of every support row [tasks, support, 1], 0 where padded: 1/n, 1, or 1/(n + c) of a task with n rows. It sets how far
 * a step goes with the evidence: with `shrunk` five rows move the meta block less than two hundred do (our own choice; the
 * paper's text known to us is silent).
 */
export function supportWeights(kind: InnerLossKind, mask: Node, c: Node): Node {
  if (kind === 'sum') return mask;
  const n = sum(mask, [1], true);
  // A task without support has only zeros in its mask: any positive divisor will do for the mean.
  return mul(mask, div(constant(1), add(n, kind === 'mean' ? constant(1e-9) : c)));
}
