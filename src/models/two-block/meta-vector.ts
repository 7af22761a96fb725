// From an entity's features and support rows to its meta embedding: the meta block after its inner loop.

import type { Node } from '../../graph/ir/node.js';
import { add, expand, mul, sum } from '../../graph/ops/algebra.js';
import { exp } from '../../graph/ops/elementwise.js';
import { concat } from '../../graph/ops/joining.js';
import { constant } from '../../graph/ops/leaves.js';
import { type AdaptedBlock, adaptPath } from '../blocks/inner-loop.js';
import { supportWeights, weightedLoss } from '../blocks/losses.js';
import { type MetaBlockShape, poolVectors } from '../blocks/meta-block.js';
import type { EncodedGroups, MetaPart, SupportNodes, Parameters as Values } from '../contract/definition.js';
import { LOG_SHRINKAGE, rateName } from './inner-parameters.js';
import type { InnerOptions } from './options.js';

interface MetaVectorParts {
  readonly block: MetaBlockShape;
  /** Whether the block sees the features of the support rows too, so that each has a vector of its own until they are pooled. */
  readonly rows: boolean;
  readonly inner: InnerOptions;
  /** Logits of support rows by the global block with these vectors. */
  readonly logits: (parameters: Values, rows: EncodedGroups, vectors: Node) => Node;
}

/** The meta embedding after all inner steps, and after each of them. */
export function metaVector(parts: MetaVectorParts): Required<Pick<MetaPart, 'vector' | 'path'>> {
  const path = metaPath(parts);
  return {
    vector: (...given) => path(...given).at(-1)!(),
    path: (...given) => {
      const [prior, ...later] = path(...given);
      return [prior(), ...later.map((vector) => vector())];
    },
  };
}

type Later = () => Node;

/** Makes what is asked for alone: nodes that nobody uses would still be built. */
function metaPath({
  block,
  rows,
  inner,
  logits,
}: MetaVectorParts): (...given: Parameters<MetaPart['vector']>) => readonly [Later, ...Later[]] {
  return (parameters, task, support, steps) => {
    const own = ownFeatures(task, support);
    const features = support.rows['item']!;
    const x = rows ? withRows(features, own) : own;
    const c = inner.learnedShrinkage ? exp(parameters[LOG_SHRINKAGE]!) : constant(inner.shrinkage);
    const weight = supportWeights(inner.loss, support.mask, c);
    const path = adaptPath(parameters, block, x, {
      steps,
      adapt: inner.adapt,
      firstOrder: inner.firstOrder,
      rate: (step, layer, part) => parameters[rateName(inner.rates, step, layer, part)]!,
      loss: (vectors) => weightedLoss(logits(parameters, support.rows, vectors), support.label, weight),
    });
    const vectorOf =
      (adapted: AdaptedBlock): Later =>
      () => {
        if (!rows) return adapted(own);
        // The prior sees no row: its row features are zero.
        const empty = mul(sum(features, [1], true), constant(0));
        return poolVectors(adapted(x), support.pool, adapted(withRows(empty, own)));
      };
    const [prior, ...later] = path;
    return [vectorOf(prior), ...later.map(vectorOf)];
  };
}

/** Meta features of the entities, [tasks, 1, in]. One without features still has a meta block: its input is a constant. */
function ownFeatures(task: EncodedGroups, { mask }: SupportNodes): Node {
  return task['meta'] ?? add(mul(sum(mask, [1], true), constant(0)), constant(1));
}

/** Features of rows [tasks, rows, in] with those of their entity before them. */
function withRows(features: Node, own: Node): Node {
  return concat([expand(own, [...features.shape.slice(0, -1), own.shape[2]!]), features]);
}
