// What training the two-block network minimises: the loss of each head, and of the meta head after each inner step.
import type { Node } from '../../graph/ir/node.js';
import type { Objective } from '../contract/definition.js';

/**
 * Objectives of the meta head by its logits for the vectors of a path. The last one's loss weighs 1 − `earlier`; those after the
 * steps before it share `earlier` in equal parts (the multi-step loss of MAML++, Antoniou et al. 2019, arXiv 1810.09502, with weights
 * that stay). The prior, after no step, is no part of it.
 */
export function stepObjectives(
  path: readonly [Node, ...Node[]],
  earlier: number,
  logits: (vector: Node) => Node,
): readonly [Objective, ...Objective[]] {
  const last = path.at(-1)!;
  const before = path.slice(1, -1);
  if (earlier === 0 || before.length === 0) return [{ logits: logits(last), weight: 1 }];
  const weight = earlier / before.length;
  return [
    { logits: logits(last), weight: 1 - earlier },
    ...before.map((vector) => ({ logits: logits(vector), weight })),
  ];
}
