// The pairwise part of a factorisation machine (Rendle 2010), as DeepFM has it beside a deep network (Guo et al. 2017, arXiv 1703.04247).
import type { Node } from '../../graph/ir/node.js';
import { add, mul, sub, sum } from '../../graph/ops/algebra.js';
import { constant } from '../../graph/ops/leaves.js';

/** Σ_{i<j} ⟨vᵢ, vⱼ⟩ over vectors [..., size] of at least one field, which broadcast: ½ (|Σ v|² − Σ |v|²), [..., 1]. */
export function pairProducts(vectors: readonly [Node, ...Node[]]): Node {
  const total = vectors.reduce((left, right) => add(left, right));
  const squares = vectors.map((v) => mul(v, v)).reduce((left, right) => add(left, right));
  return mul(constant(0.5), sum(sub(mul(total, total), squares), [total.shape.length - 1], true));
}
