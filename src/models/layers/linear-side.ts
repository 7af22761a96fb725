// A linear side: one learned weight for every value of some index fields, added up.
import type { Node } from '../../graph/ir/node.js';
import { sum } from '../../graph/ops/algebra.js';
import { type Field, type FieldGroup, layoutGroup, type TableSpec } from '../contract/fields.js';

/** Its group and tables, over those of `fields` that are indexes; a number has no values to weigh. Weights start at zero. */
export function linearSide(
  name: string,
  fields: readonly Field[],
  optimizer: string,
): { readonly group: FieldGroup; readonly tables: readonly TableSpec[] } {
  const indexed = fields.filter(({ kind }) => kind !== 'numeric');
  return layoutGroup(name, indexed, { dim: 1, scale: 0, optimizer });
}

/** The sum of a row's weights, the group's encoded rows [..., width] → [..., 1]. */
export function linearLogits(weights: Node): Node {
  return sum(weights, [weights.shape.length - 1], true);
}
