// Table look-ups: rows of an embedding table by index, and its adjoint.
import { sizesOf } from '../dims.js';
import { makeNode, type Node, type Op } from '../node.js';

export const gatherOp: Op = {
  name: 'gather',
  shape: ([table, indices]) => [...indices!.shape, ...table!.shape.slice(1)],
  gradient: [(node, d) => scatterAdd(d, node.inputs[1]!, node.inputs[0]!.shape[0] as number), null],
  onnx: (emit, _node, inputs) => emit.node('Gather', inputs, { axis: 0 }),
  tfjs: ({ tf }, _node, [table, indices]) => tf.gather(table!, tf.cast(indices!, 'int32')),
};

/** table [n, d], indices [...] (int64) → [..., d]. */
export function gather(table: Node, indices: Node): Node {
  return makeNode(gatherOp, [table, indices]);
}

export const scatterAddOp: Op = {
  name: 'scatterAdd',
  shape: ([values], attrs) => [attrs['size'] as number, values!.shape[values!.shape.length - 1]!],
  gradient: [(node, d) => gather(d, node.inputs[1]!), null],
  onnx: (emit, node, [values, indices]) => {
    const zeros = emit.node('Expand', [emit.scalar(0), emit.shapeTensor(node.shape)]);
    const last = emit.node('Unsqueeze', [indices!, emit.int64s([-1])]);
    return emit.node('ScatterND', [zeros, last, values!], { reduction: 'add' });
  },
  tfjs: ({ tf, sizes }, node, [values, indices]) => {
    const width = node.shape[1] as number;
    const flat = tf.reshape(values!, [-1, width]);
    const rows = tf.reshape(tf.cast(indices!, 'int32'), [-1, 1]);
    return tf.scatterND(rows, flat, sizesOf(node.shape, sizes));
  },
};

/** Adds values [..., d] into the rows `indices` [...] of a zero table [size, d]: the gradient of `gather`. */
export function scatterAdd(values: Node, indices: Node, size: number): Node {
  return makeNode(scatterAddOp, [values, indices], { size });
}
