// The global block: from a meta embedding and the row's features to a click logit, shared by all tasks.

import type { Node } from '../../graph/ir/node.js';
import { add, matmul, mul } from '../../graph/ops/algebra.js';
import type { ParameterSpec, Parameters } from '../contract/definition.js';
import { ACTIVATIONS, type Activation } from '../layers/activations.js';
import { mlp, mlpParameters } from '../layers/mlp.js';
import { type BesideDeep, besideDeep, besideParameters } from './beside-deep.js';

export interface GlobalBlockShape {
  /** Size of the meta embedding. */
  readonly vector: number;
  /** Width of the row's encoded features. */
  readonly features: number;
  readonly hidden: readonly number[];
  /** Between layers; none after the last. */
  readonly activation: Activation;
  /** Adds the element-wise product of the meta embedding and a projection of the features as input. */
  readonly interaction: boolean;
  /** What stands beside the deep network; nothing when absent. */
  readonly beside?: BesideDeep | undefined;
}

/**
 * Parameters of the block. Its first layer takes [e, features, e ⊙ features·P]; the three parts have matrices of their
 * own so that e, one row a task, is multiplied once a task and never copied to every row.
 */
export function globalBlockParameters(shape: GlobalBlockShape): ParameterSpec[] {
  const { vector, features, hidden, interaction } = shape;
  const width = hidden[0] ?? 1;
  const fanIn = vector + features + (interaction ? vector : 0);
  const scale = Math.sqrt((hidden.length > 0 ? 2 : 1) / fanIn);
  const first = (name: string, rows: number): ParameterSpec => ({
    name: `global.first.${name}`,
    shape: [rows, width],
    init: { kind: 'normal', scale },
    decay: true,
  });
  return [
    first('vector', vector),
    first('features', features),
    ...(interaction
      ? [
          first('interaction', vector),
          {
            name: 'global.projection',
            shape: [features, vector],
            init: { kind: 'normal', scale: Math.sqrt(1 / features) },
            decay: true,
          } as const,
        ]
      : []),
    { name: 'global.first.bias', shape: [1, width], init: { kind: 'constant', scale: 0 }, decay: false },
    ...(hidden.length > 0 ? mlpParameters('global', [...hidden, 1]) : []),
    ...(shape.beside === undefined ? [] : besideParameters(shape.beside, vector, features)),
  ];
}

/** Logits [..., rows, 1] of features [..., rows, width] with `vector` [..., 1 or rows, size]. */
export function globalBlock(
  parameters: Parameters,
  shape: GlobalBlockShape,
  vector: Node,
  features: Node,
): Node {
  const p = (name: string): Node => parameters[`global.${name}`]!;
  // Order matters for speed: what does not depend on the vector is computed once for all inner steps.
  let z = add(matmul(features, p('first.features')), p('first.bias'));
  z = add(z, matmul(vector, p('first.vector')));
  if (shape.interaction)
    z = add(z, matmul(mul(vector, matmul(features, p('projection'))), p('first.interaction')));
  const { hidden, activation, beside } = shape;
  const deep =
    hidden.length === 0
      ? z
      : mlp(parameters, 'global', hidden.length, ACTIVATIONS[activation](z), activation);
  return beside === undefined ? deep : add(deep, besideDeep(parameters, beside, vector, features));
}
