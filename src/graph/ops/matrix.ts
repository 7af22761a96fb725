// The matrix product, batched over leading axes with broadcasting.
import { broadcastShapes, sameShape, sizesOf } from '../dims.js';
import { makeNode, type Node, type Op } from '../node.js';
import { mul, neg, negated } from './elementwise.js';
import { scaledColumns } from './factors.js';
import { flatRows, reshape, sumTo, transpose, transposeOp } from './shaping.js';

export const matmulOp: Op = {
  name: 'matmul',
  shape: ([a, b]) => {
    const [left, right] = [a!.shape, b!.shape];
    if (left.length < 2 || right.length < 2 || left[left.length - 1] !== right[right.length - 2])
      throw new Error(`cannot multiply [${left}] by [${right}]`);
    const batch = broadcastShapes(left.slice(0, -2), right.slice(0, -2));
    return [...batch, left[left.length - 2]!, right[right.length - 1]!];
  },
  gradient: [
    (node, d) => sumTo(matmul(d, transpose(node.inputs[1]!)), node.inputs[0]!.shape),
    (node, d) => rightGradient(node.inputs[0]!, node.inputs[1]!, d),
  ],
  onnx: (emit, _node, inputs) => emit.node('MatMul', inputs),
  tfjs: ({ tf, sizes }, node, [a, b]) => {
    // tfjs has no broadcasting between a stack and one matrix of lower rank in every backend: fold the stack's rows.
    if (b!.rank === 2 && a!.rank > 2) {
      const rows = a!.shape.slice(0, -1);
      const flat = tf.matMul(
        tf.reshape(a!, [-1, a!.shape[a!.rank - 1]!]) as import('@tensorflow/tfjs').Tensor2D,
        b!,
      );
      return tf.reshape(flat, [...rows, b!.shape[1]!]);
    }
    // Its pure JavaScript backend pairs two unequal stacks by position modulo their lengths, which is right only where
    // one of them is a single matrix: any other broadcasting is written out first.
    const [left, right] = [a!.shape.slice(0, -2), b!.shape.slice(0, -2)];
    const single = (stack: readonly number[]): boolean => stack.every((size) => size === 1);
    if (String(left) === String(right) || single(left) || single(right)) return tf.matMul(a!, b!);
    const stack = sizesOf(node.shape.slice(0, -2), sizes);
    return tf.matMul(
      tf.broadcastTo(a!, [...stack, ...a!.shape.slice(-2)]),
      tf.broadcastTo(b!, [...stack, ...b!.shape.slice(-2)]),
    );
  },
};

/** a [..., m, k] × b [..., k, n] → [..., m, n]. */
export function matmul(a: Node, b: Node): Node {
  const [minusA, minusB] = [negated(a), negated(b)];
  if (minusA !== undefined) return neg(matmul(minusA, b));
  if (minusB !== undefined) return neg(matmul(a, minusB));
  const rows = a.shape[a.shape.length - 2];
  const manyRows = a.shape.slice(0, -1).some((dim) => typeof dim === 'string');
  const inner = a.shape[a.shape.length - 1];
  // A column by a row: every product once, nothing to sum.
  if (inner === 1 && b.shape[b.shape.length - 2] === 1 && b.shape[b.shape.length - 1] !== 1) return mul(a, b);
  // What scales a's columns scales b's rows: the smaller of the two is a single matrix for a whole stack of rows.
  const left = scaledColumns(a);
  if (left !== undefined && b.shape.length === 2 && manyRows && sameShape(left.rows.shape, a.shape))
    return matmul(left.rows, scaledRows(b, left.columns));
  // What scales b's columns scales the result's, which has fewer rows where b's are named.
  const right = scaledColumns(b);
  const fewer = typeof inner === 'string' && typeof rows === 'number';
  if (right !== undefined && fewer && sameShape(right.rows.shape, b.shape))
    return mul(matmul(a, right.rows), right.columns);
  return makeNode(matmulOp, [a, b]);
}

/** b [k, n] with its rows scaled by columns [.., k] (or one number). */
function scaledRows(b: Node, columns: Node): Node {
  const scale = reshape(columns, columns.shape.slice(-1));
  // Transposed weights stay a transpose of a product: the runtime transposes inside the product.
  return b.op === transposeOp
    ? transpose(mul(b.inputs[0]!, scale))
    : mul(b, scale.shape[0] === undefined ? scale : reshape(scale, [scale.shape[0], 1]));
}

function rightGradient(a: Node, b: Node, d: Node): Node {
  if (b.shape.length > 2 || a.shape.length === 2) return sumTo(matmul(transpose(a), d), b.shape);
  // One matrix for a whole stack: one product over all its rows, instead of a stack of products to be summed.
  return matmul(transpose(flatRows(a)), flatRows(d));
}
