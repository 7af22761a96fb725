// Ops that move values without computing new ones, and the sum, which is the gradient of repeating.
import { broadcastShapes, type Dim, productOf, type Shape, sameShape, sizesOf } from '../ir/dims.js';
import { dimsAttr, type Node, numberAttr, type Op } from '../ir/node.js';
import { scalarValue } from './leaves.js';
import { matmulOp } from './matrix.js';

export const expandOp: Op = {
  name: 'expand',
  shape: (inputs, attrs) => {
    const shape = attrs['shape'] as Shape;
    if (!sameShape(broadcastShapes(inputs[0]!.shape, shape), shape))
      throw new Error(`[${inputs[0]!.shape}] does not expand to [${shape}]`);
    return shape;
  },
  gradient: [(node, d, ops) => ops.sumTo(d, node.inputs[0]!.shape)],
  onnx: (emit, node, [x]) => emit.node('Expand', [x!, emit.shapeTensor(node.shape)]),
  tfjs: ({ tf, sizes }, node, [x]) => tf.broadcastTo(x!, sizesOf(node.shape, sizes)),
};

export const sumOp: Op = {
  name: 'sum',
  shape: ([x], attrs) => {
    const axes = attrs['axes'] as readonly number[];
    const kept = attrs['keep'] === 1;
    if (axes.some((axis, i) => axis < 0 || axis >= x!.shape.length || axes.indexOf(axis) !== i))
      throw new Error(`cannot sum [${x!.shape}] over axes [${axes}]`);
    return x!.shape.flatMap((dim, axis): Dim[] => (axes.includes(axis) ? (kept ? [1] : []) : [dim]));
  },
  gradient: [
    (node, d, ops) => {
      const axes = dimsAttr(node, 'axes');
      const full = node.inputs[0]!.shape;
      return ops.expand(
        ops.reshape(
          d,
          full.map((dim, axis) => (axes.includes(axis) ? 1 : dim)),
        ),
        full,
      );
    },
  ],
  onnx: (emit, node, [x]) =>
    emit.node('ReduceSum', [x!, emit.int64s(dimsAttr(node, 'axes') as readonly number[])], {
      keepdims: numberAttr(node, 'keep'),
    }),
  tfjs: ({ tf }, node, [x]) =>
    tf.sum(x!, [...(dimsAttr(node, 'axes') as readonly number[])], node.attrs['keep'] === 1),
};

export const reshapeOp: Op = {
  name: 'reshape',
  shape: ([x], attrs) => {
    const shape = attrs['shape'] as Shape;
    if (sortedProduct(x!.shape) !== sortedProduct(shape))
      throw new Error(`[${x!.shape}] does not reshape to [${shape}]`);
    return shape;
  },
  gradient: [(node, d, ops) => ops.reshape(d, node.inputs[0]!.shape)],
  onnx: (emit, node, [x]) =>
    emit.node('Reshape', [x!, emit.reshapeTarget(node.inputs[0]!.shape, node.shape)]),
  tfjs: ({ tf, sizes }, node, [x]) => tf.reshape(x!, sizesOf(node.shape, sizes)),
};

function sortedProduct(shape: Shape): string {
  return String(productOf(shape)).split('*').sort().join('*');
}

/** The number that every element of a node is known to be, else undefined. */
export function uniformValue(node: Node): number | undefined {
  const repeats = node.op === expandOp || node.op === reshapeOp;
  return repeats ? uniformValue(node.inputs[0]!) : scalarValue(node);
}

export const transposeOp: Op = {
  name: 'transpose',
  shape: ([x]) => {
    const { shape } = x!;
    if (shape.length < 2) throw new Error(`[${shape}] has no last two axes to swap`);
    return [...shape.slice(0, -2), shape[shape.length - 1]!, shape[shape.length - 2]!];
  },
  // (A·B)ᵀ = Bᵀ·Aᵀ: the transposes move into the product, where the runtime does them for free.
  gradient: [
    (_node, d, ops) =>
      d.op === matmulOp
        ? ops.matmul(ops.transpose(d.inputs[1]!), ops.transpose(d.inputs[0]!))
        : ops.transpose(d),
  ],
  onnx: (emit, node, [x]) => emit.node('Transpose', [x!], { perm: lastTwoSwapped(node.shape.length) }),
  tfjs: ({ tf }, node, [x]) => tf.transpose(x!, lastTwoSwapped(node.shape.length)),
};

function lastTwoSwapped(rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
}
