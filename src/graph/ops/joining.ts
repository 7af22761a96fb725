// Joining and cutting along the last axis.
import { makeNode, type Node, numberAttr, type Op } from '../ir/node.js';

export const concatOp: Op = {
  name: 'concat',
  shape: (inputs) => {
    const width = inputs.reduce((total, x) => total + (x.shape[x.shape.length - 1] as number), 0);
    const leading = inputs[0]!.shape.slice(0, -1);
    for (const x of inputs)
      if (String(x.shape.slice(0, -1)) !== String(leading))
        throw new Error(`cannot join [${x.shape}] to [${inputs[0]!.shape}]`);
    return [...leading, width];
  },
  gradient: 'each',
  gradientOf: (node, d, index) => {
    const width = (x: Node): number => x.shape[x.shape.length - 1] as number;
    const start = node.inputs.slice(0, index).reduce((total, x) => total + width(x), 0);
    return slice(d, start, start + width(node.inputs[index]!));
  },
  onnx: (emit, _node, inputs) => emit.node('Concat', inputs, { axis: -1 }),
  tfjs: ({ tf }, _node, inputs) => tf.concat([...inputs], -1),
};

/** Joins along the last axis; the other axes must agree. */
export function concat(inputs: readonly Node[]): Node {
  return inputs.length === 1 ? inputs[0]! : makeNode(concatOp, inputs);
}

export const sliceOp: Op = {
  name: 'slice',
  shape: ([x], attrs) => [...x!.shape.slice(0, -1), (attrs['end'] as number) - (attrs['start'] as number)],
  gradient: [
    (node, d) => {
      const width = node.inputs[0]!.shape[node.inputs[0]!.shape.length - 1] as number;
      return pad(d, numberAttr(node, 'start'), width - numberAttr(node, 'end'));
    },
  ],
  onnx: (emit, node, [x]) =>
    emit.node('Slice', [
      x!,
      emit.int64s([numberAttr(node, 'start')]),
      emit.int64s([numberAttr(node, 'end')]),
      emit.int64s([-1]),
    ]),
  tfjs: ({ tf }, node, [x]) => {
    const begin = x!.shape.map(() => 0);
    begin[begin.length - 1] = numberAttr(node, 'start');
    const size = x!.shape.map(() => -1);
    size[size.length - 1] = numberAttr(node, 'end') - numberAttr(node, 'start');
    return tf.slice(x!, begin, size);
  },
};

/** Columns start .. end of the last axis. */
export function slice(x: Node, start: number, end: number): Node {
  return makeNode(sliceOp, [x], { start, end });
}

export const padOp: Op = {
  name: 'pad',
  shape: ([x], attrs) => [
    ...x!.shape.slice(0, -1),
    (x!.shape[x!.shape.length - 1] as number) + (attrs['before'] as number) + (attrs['after'] as number),
  ],
  gradient: [
    (node, d) => {
      const before = numberAttr(node, 'before');
      return slice(d, before, before + (node.inputs[0]!.shape[node.inputs[0]!.shape.length - 1] as number));
    },
  ],
  onnx: (emit, node, [x]) => {
    const rank = node.shape.length;
    const pads = new Array<number>(2 * rank).fill(0);
    pads[rank - 1] = numberAttr(node, 'before');
    pads[2 * rank - 1] = numberAttr(node, 'after');
    return emit.node('Pad', [x!, emit.int64s(pads)]);
  },
  tfjs: ({ tf }, node, [x]) => {
    const sides = x!.shape.map((): [number, number] => [0, 0]);
    sides[sides.length - 1] = [numberAttr(node, 'before'), numberAttr(node, 'after')];
    return tf.pad(x!, sides);
  },
};

/** Zeros before and after the last axis. */
export function pad(x: Node, before: number, after: number): Node {
  return makeNode(padOp, [x], { before, after });
}
