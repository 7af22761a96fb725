// Table look-ups: rows of an embedding table by index, and its adjoint.
import { type Dim, sameShape, sizesOf } from '../ir/dims.js';
import { makeNode, type Node, type Op } from '../ir/node.js';

export const gatherOp: Op = {
  name: 'gather',
  shape: ([table, indices]) => [...indices!.shape, ...table!.shape.slice(1)],
  gradient: [(node, d) => scatterAdd(d, node.inputs[1]!, node.inputs[0]!.shape[0]!), null],
  onnx: (emit, _node, inputs) => emit.node('Gather', inputs, { axis: 0 }),
  tfjs: ({ tf }, _node, [table, indices]) => tf.gather(table!, tf.cast(indices!, 'int32')),
};

/** table [n, ...], indices [i...] (int64, each in 0 .. n − 1) → [i..., ...]: one row of the table an index. */
export function gather(table: Node, indices: Node): Node {
  return makeNode(gatherOp, [table, indices]);
}

export const scatterAddOp: Op = {
  name: 'scatterAdd',
  shape: ([values, indices], attrs) => {
    const rank = indices!.shape.length;
    if (!sameShape(values!.shape.slice(0, rank), indices!.shape))
      throw new Error(`cannot add values [${values!.shape}] at indices [${indices!.shape}]`);
    return [attrs['size'] as Dim, ...values!.shape.slice(rank)];
  },
  gradient: [(node, d) => gather(d, node.inputs[1]!), null],
  onnx: (emit, node, [values, indices]) => {
    const zeros = emit.node('Expand', [emit.scalar(0), emit.shapeTensor(node.shape)]);
    const last = emit.node('Unsqueeze', [indices!, emit.int64s([-1])]);
    return emit.node('ScatterND', [zeros, last, values!], { reduction: 'add' });
  },
  tfjs: ({ tf, sizes }, node, [values, indices]) => {
    const flat = tf.reshape(values!, [-1, ...sizesOf(node.shape.slice(1), sizes)]);
    const rows = tf.reshape(tf.cast(indices!, 'int32'), [-1, 1]);
    return tf.scatterND(rows, flat, sizesOf(node.shape, sizes));
  },
};

/** Adds values [i..., ...] into the rows `indices` [i...] of a zero table [size, ...]: the gradient of `gather`. */
export function scatterAdd(values: Node, indices: Node, size: Dim): Node {
  return makeNode(scatterAddOp, [values, indices], { size });
}
