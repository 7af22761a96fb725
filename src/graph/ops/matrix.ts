// The matrix product, batched over leading axes with broadcasting.
import { broadcastShapes, sizesOf } from '../ir/dims.js';
import type { Algebra, Node, Op } from '../ir/node.js';

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
    (node, d, ops) => ops.sumTo(ops.matmul(d, ops.transpose(node.inputs[1]!)), node.inputs[0]!.shape),
    (node, d, ops) => rightGradient(ops, node.inputs[0]!, node.inputs[1]!, d),
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

function rightGradient(ops: Algebra, a: Node, b: Node, d: Node): Node {
  if (b.shape.length > 2 || a.shape.length === 2) return ops.sumTo(ops.matmul(ops.transpose(a), d), b.shape);
  // One matrix for a whole stack: one product over all its rows, instead of a stack of products to be summed.
  return ops.matmul(ops.transpose(ops.flatRows(a)), ops.flatRows(d));
}
