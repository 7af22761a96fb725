// The matrix product with signs and factors taken out of it where that makes it smaller.
import { sameShape } from '../../ir/dims.js';
import { type Algebra, makeNode, type Node } from '../../ir/node.js';
import { negated } from '../elementwise.js';
import { gather, gatherOp } from '../lookup.js';
import { matmulOp } from '../matrix.js';
import { transposeOp } from '../shaping.js';
import { scaledColumns } from './factors.js';

/** a [..., m, k] × b [..., k, n] → [..., m, n]. */
export function matmul(ops: Algebra, a: Node, b: Node): Node {
  const [minusA, minusB] = [negated(a), negated(b)];
  if (minusA !== undefined) return ops.neg(ops.matmul(minusA, b));
  if (minusB !== undefined) return ops.neg(ops.matmul(a, minusB));
  // Rows of a batch that are read more than once are multiplied once. (A table has a number of rows, few of which are read.)
  if (a.op === gatherOp && typeof a.inputs[0]!.shape[0] === 'string' && b.shape.length === 2)
    return gather(ops.matmul(a.inputs[0]!, b), a.inputs[1]!);
  const rows = a.shape[a.shape.length - 2];
  const manyRows = a.shape.slice(0, -1).some((dim) => typeof dim === 'string');
  const inner = a.shape[a.shape.length - 1];
  // A column by a row: every product once, nothing to sum.
  if (inner === 1 && b.shape[b.shape.length - 2] === 1 && b.shape[b.shape.length - 1] !== 1)
    return ops.mul(a, b);
  // What scales a's columns scales b's rows: the smaller of the two is a single matrix for a whole stack of rows.
  const left = scaledColumns(a);
  if (left !== undefined && b.shape.length === 2 && manyRows && sameShape(left.rows.shape, a.shape))
    return ops.matmul(left.rows, scaledRows(ops, b, left.columns));
  // What scales b's columns scales the result's, which has fewer rows where b's are named.
  const right = scaledColumns(b);
  const fewer = typeof inner === 'string' && typeof rows === 'number';
  if (right !== undefined && fewer && sameShape(right.rows.shape, b.shape))
    return ops.mul(ops.matmul(a, right.rows), right.columns);
  return makeNode(matmulOp, [a, b]);
}

/** b [k, n] with its rows scaled by columns [.., k] (or one number). */
function scaledRows(ops: Algebra, b: Node, columns: Node): Node {
  const scale = ops.reshape(columns, columns.shape.slice(-1));
  // Transposed weights stay a transpose of a product: the runtime transposes inside the product.
  return b.op === transposeOp
    ? ops.transpose(ops.mul(b.inputs[0]!, scale))
    : ops.mul(b, scale.shape[0] === undefined ? scale : ops.reshape(scale, [scale.shape[0], 1]));
}
