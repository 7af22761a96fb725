// Sums and products without what changes nothing. Gradients are full of such terms: the gradient of a sum is an expanded 1,
// the gradient of a difference a negation. Factors that scale columns are kept outermost (factors.ts).
import { broadcastShapes, sameShape } from '../../ir/dims.js';
import { type Algebra, makeNode, type Node } from '../../ir/node.js';
import { addOp, divOp, mulOp, negOp, subOp } from '../elementwise.js';
import { constant, scalarValue } from '../leaves.js';
import { uniformValue } from '../shaping.js';
import { commonColumns, regroupedProduct, scalesColumns } from './factors.js';

export function add(ops: Algebra, a: Node, b: Node): Node {
  if (isIdentity(a, 0, b)) return b;
  if (isIdentity(b, 0, a)) return a;
  if (b.op === negOp) return ops.sub(a, b.inputs[0]!);
  if (a.op === negOp) return ops.sub(b, a.inputs[0]!);
  const common = commonColumns(a, b);
  if (common !== undefined) return ops.mul(ops.add(common.a, common.b), common.columns);
  return makeNode(addOp, [a, b]);
}

export function sub(ops: Algebra, a: Node, b: Node): Node {
  if (isIdentity(b, 0, a)) return a;
  if (b.op === negOp) return ops.add(a, b.inputs[0]!);
  const common = commonColumns(a, b);
  return common === undefined
    ? makeNode(subOp, [a, b])
    : ops.mul(ops.sub(common.a, common.b), common.columns);
}

export function mul(ops: Algebra, a: Node, b: Node): Node {
  if (isIdentity(a, 1, b)) return b;
  if (isIdentity(b, 1, a)) return a;
  if (a.op === negOp) return ops.neg(ops.mul(a.inputs[0]!, b));
  if (b.op === negOp) return ops.neg(ops.mul(a, b.inputs[0]!));
  const [x, y] = [scalarValue(a), scalarValue(b)];
  if (x !== undefined && y !== undefined) return constant(Math.fround(x * y));
  const regrouped = regroupedProduct(ops, a, b);
  if (regrouped !== undefined) return regrouped;
  return scalesColumns(a) && !scalesColumns(b) ? makeNode(mulOp, [b, a]) : makeNode(mulOp, [a, b]);
}

export function div(a: Node, b: Node): Node {
  return isIdentity(b, 1, a) ? a : makeNode(divOp, [a, b]);
}

/** Whether `node` holds `value` everywhere and broadcasting it against `other` leaves `other`'s shape as it is. */
function isIdentity(node: Node, value: number, other: Node): boolean {
  return uniformValue(node) === value && sameShape(broadcastShapes(node.shape, other.shape), other.shape);
}

export function neg(x: Node): Node {
  return x.op === negOp ? x.inputs[0]! : makeNode(negOp, [x]);
}
