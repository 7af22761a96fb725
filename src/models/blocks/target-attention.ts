// Target attention (Zhou et al. 2018, Deep Interest Network, arXiv 1706.06978): support rows, labels included, weighed by what they
// have to do with the row that is scored.

import { productOf } from '../../graph/ir/dims.js';
import type { Node } from '../../graph/ir/node.js';
import { add, div, matmul, mul, reshape, sub, sum, transpose } from '../../graph/ops/algebra.js';
import { concat } from '../../graph/ops/joining.js';
import { constant } from '../../graph/ops/leaves.js';
import type { ParameterSpec, Parameters, SupportNodes } from '../contract/definition.js';
import { ACTIVATIONS, type Activation } from '../layers/activations.js';
import { dense, denseParameters } from '../layers/dense.js';

export interface TargetAttentionShape {
  /** Prefix of its parameters. */
  readonly name: string;
  /** Columns of a row's features, of support rows and scored rows alike. */
  readonly features: number;
  /** Columns that both are projected to before they are compared. */
  readonly size: number;
  /** Hidden units of the activation unit, which gives a pair of rows its weight. */
  readonly hidden: number;
  /** Columns of what comes out. */
  readonly values: number;
  readonly activation: Activation;
  /** Pseudo-rows c: weighed values are summed and divided by (n + c), n the support rows. */
  readonly shrinkage: number;
}

export function targetAttentionParameters(shape: TargetAttentionShape): ParameterSpec[] {
  const { name, features, size, hidden, values } = shape;
  const weight = (of: string, rows: number, columns: number, fanIn: number): ParameterSpec => ({
    name: `${name}.${of}`,
    shape: [rows, columns],
    init: { kind: 'normal', scale: Math.sqrt(2 / fanIn) },
    decay: true,
  });
  const units = 3 * size + 1;
  return [
    weight('projection', features, size, 2 * features),
    weight('query', size, hidden, units),
    weight('key', size, hidden, units),
    weight('product', size, hidden, units),
    weight('label', 1, hidden, units),
    { name: `${name}.bias`, shape: [1, hidden], init: { kind: 'constant', scale: 0 }, decay: false },
    ...denseParameters(outNames(name), hidden, 1, 1),
    ...denseParameters(valueNames(name), 2 * size + 1, values, 2),
  ];
}

const outNames = (name: string) => ({ weight: `${name}.out.w`, bias: `${name}.out.b` });
const valueNames = (name: string) => ({ weight: `${name}.value.w`, bias: `${name}.value.b` });

/**
 * What the support says of each scored row, [tasks, query, values], from their features [tasks, support or query, features]; zeros for
 * a task without support. Of a pair the activation unit sees both projections, their product and the label (±1); its weight is not
 * normalised over the support rows, as in the paper, so that it can tell how strong an interest is.
 */
export function targetAttention(
  parameters: Parameters,
  shape: TargetAttentionShape,
  query: Node,
  features: Node,
  { label, mask }: Pick<SupportNodes, 'label' | 'mask'>,
): Node {
  const { name, size, hidden, activation, shrinkage } = shape;
  const p = (of: string): Node => parameters[`${name}.${of}`]!;
  const act = ACTIVATIONS[activation];
  const [asked, key] = [matmul(query, p('projection')), matmul(features, p('projection'))];
  const [tasks, queries, supports] = [asked.shape[0]!, asked.shape[1]!, key.shape[1]!];
  const clicked = sub(mul(label, constant(2)), constant(1));
  // Hidden units of all pairs, [tasks, query, hidden, support]. The unit h of the product (q ⊙ k)·P is (q ⊙ P's column h)·k: one
  // product over all units, and no tensor of [query, support, size].
  const scaled = mul(reshape(asked, [tasks, queries, 1, size]), transpose(p('product')));
  const products = matmul(reshape(scaled, [tasks, productOf([queries, hidden]), size]), transpose(key));
  const ofQuery = add(matmul(asked, p('query')), p('bias'));
  const ofKey = transpose(add(matmul(key, p('key')), mul(clicked, p('label'))));
  const unit = act(
    add(
      reshape(products, [tasks, queries, hidden, supports]),
      add(reshape(ofQuery, [tasks, queries, hidden, 1]), reshape(ofKey, [tasks, 1, hidden, supports])),
    ),
  );
  const out = outNames(name);
  const weights = add(
    reshape(matmul(transpose(parameters[out.weight]!), unit), [tasks, queries, supports]),
    parameters[out.bias]!,
  );
  const values = act(dense(parameters, valueNames(name), concat([key, mul(key, clicked), clicked])));
  const pooled = matmul(weights, mul(values, mask));
  return div(pooled, add(sum(mask, [1], true), constant(shrinkage)));
}
