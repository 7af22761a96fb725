// Logistic loss from logits.
import type { Node } from '../../graph/node.js';
import { mul, softplus, sub } from '../../graph/ops/elementwise.js';
import { sum } from '../../graph/ops/shaping.js';

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
