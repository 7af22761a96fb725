// What may stand beside the deep network of the global block: cross layers (dcnv2) or products of pairs of fields (deepfm).
import type { Node } from '../../graph/ir/node.js';
import { expand, matmul } from '../../graph/ops/algebra.js';
import { concat, slice } from '../../graph/ops/joining.js';
import type { ParameterSpec, Parameters } from '../contract/definition.js';
import type { FieldGroup } from '../contract/fields.js';
import { cross, crossParameters } from '../layers/cross.js';
import { dense, denseParameters } from '../layers/dense.js';
import { pairProducts } from '../layers/pairs.js';

export type BesideDeep =
  /** Cross layers over [vector, features], and a linear layer on top. */
  | { readonly kind: 'dcnv2'; readonly layers: number }
  /** Products of pairs of fields; the vector is one more field, projected to the size of an embedding. */
  | { readonly kind: 'deepfm'; readonly group: FieldGroup; readonly size: number };

const CROSS = 'global.cross';
const OUT = { weight: 'global.cross.out.w', bias: 'global.cross.out.b' };
const PROJECTION = 'global.pairs.vector';
const ofNumber = (field: string): string => `global.pairs.${field}`;

/** `vector` and `features` are widths. */
export function besideParameters(beside: BesideDeep, vector: number, features: number): ParameterSpec[] {
  if (beside.kind === 'dcnv2') {
    const width = vector + features;
    return [...crossParameters(CROSS, beside.layers, width), ...denseParameters(OUT, width, 1, 1)];
  }
  const { group, size } = beside;
  const projection = (name: string, rows: number): ParameterSpec => ({
    name,
    shape: [rows, size],
    init: { kind: 'normal', scale: 0.1 / Math.sqrt(rows) },
    decay: true,
  });
  const numbers = group.fields.filter(({ table }) => table === null);
  return [projection(PROJECTION, vector), ...numbers.map(({ field }) => projection(ofNumber(field.name), 1))];
}

/** Logits [..., rows, 1] to be added; `vector` [..., 1 or rows, size], `features` [..., rows, width]. */
export function besideDeep(parameters: Parameters, beside: BesideDeep, vector: Node, features: Node): Node {
  if (beside.kind === 'dcnv2') {
    const repeated = expand(vector, [...features.shape.slice(0, -1), vector.shape.at(-1)!]);
    return dense(parameters, OUT, cross(parameters, CROSS, beside.layers, concat([repeated, features])));
  }
  const fields = beside.group.fields.map(({ field, table, offset, dim }) => {
    const own = slice(features, offset, offset + dim);
    return table === null ? matmul(own, parameters[ofNumber(field.name)]!) : own;
  });
  return pairProducts([matmul(vector, parameters[PROJECTION]!), ...fields]);
}
