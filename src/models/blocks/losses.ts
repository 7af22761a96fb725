// Logistic loss from logits.
import type { Node } from '../../graph/ir/node.js';
import { mul, sub, sum } from '../../graph/ops/algebra.js';
import { softplus } from '../../graph/ops/elementwise.js';

/** Logistic loss of each row, softplus(z) − y·z, same shape as `logits`; `label` is 0 or 1. */
export function logisticLoss(logits: Node, label: Node): Node {
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
