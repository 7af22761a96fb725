// Ops that move values without computing new ones, and the sum, which is the gradient of repeating.
import { broadcastShapes, type Dim, productOf, type Shape, sameShape, sizesOf } from '../dims.js';
import { dimsAttr, makeNode, type Node, numberAttr, type Op } from '../node.js';
import { mul, neg, negated } from './elementwise.js';
import { scaledColumns, sumOfProduct } from './factors.js';
import { scalarValue } from './leaves.js';
import { matmul, matmulOp } from './matrix.js';

export const expandOp: Op = {
  name: 'expand',
  shape: (inputs, attrs) => {
    const shape = attrs['shape'] as Shape;
    if (!sameShape(broadcastShapes(inputs[0]!.shape, shape), shape))
      throw new Error(`[${inputs[0]!.shape}] does not expand to [${shape}]`);
    return shape;
  },
  gradient: [(node, d) => sumTo(d, node.inputs[0]!.shape)],
  onnx: (emit, node, [x]) => emit.node('Expand', [x!, emit.shapeTensor(node.shape)]),
  tfjs: ({ tf, sizes }, node, [x]) => tf.broadcastTo(x!, sizesOf(node.shape, sizes)),
};

/** Repeats `x` to `shape` (NumPy broadcasting). */
export function expand(x: Node, shape: Shape): Node {
  return sameShape(x.shape, shape) ? x : makeNode(expandOp, [x], { shape });
}

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
    (node, d) => {
      const axes = dimsAttr(node, 'axes');
      const full = node.inputs[0]!.shape;
      return expand(
        reshape(
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

/** Sum over `axes`; summed axes stay as 1 when `keep`. */
export function sum(x: Node, axes: readonly number[], keep = false): Node {
  if (axes.length === 0) return x;
  const positive = negated(x);
  if (positive !== undefined) return neg(sum(positive, axes, keep));
  const cheaper = sumOfProduct(x, axes);
  if (cheaper === undefined) return makeNode(sumOp, [x], { axes, keep: keep ? 1 : 0 });
  return keep
    ? cheaper
    : reshape(
        cheaper,
        x.shape.filter((_, axis) => !axes.includes(axis)),
      );
}

/** Sums what broadcasting repeated: the gradient of `expand` from `shape`. */
export function sumTo(x: Node, shape: Shape): Node {
  if (sameShape(x.shape, shape)) return x;
  const extra = x.shape.length - shape.length;
  const leading = Array.from({ length: extra }, (_, axis) => axis);
  const inner = shape.flatMap((dim, axis) =>
    dim === 1 && x.shape[axis + extra] !== 1 ? [axis + extra] : [],
  );
  if (inner.length === 0) return sum(x, leading);
  return reshape(sum(x, [...leading, ...inner], true), shape);
}

export const reshapeOp: Op = {
  name: 'reshape',
  shape: ([x], attrs) => {
    const shape = attrs['shape'] as Shape;
    if (sortedProduct(x!.shape) !== sortedProduct(shape))
      throw new Error(`[${x!.shape}] does not reshape to [${shape}]`);
    return shape;
  },
  gradient: [(node, d) => reshape(d, node.inputs[0]!.shape)],
  onnx: (emit, node, [x]) =>
    emit.node('Reshape', [x!, emit.reshapeTarget(node.inputs[0]!.shape, node.shape)]),
  tfjs: ({ tf, sizes }, node, [x]) => tf.reshape(x!, sizesOf(node.shape, sizes)),
};

function sortedProduct(shape: Shape): string {
  return String(productOf(shape)).split('*').sort().join('*');
}

/** The same values, row-major, in another shape of equal size. */
export function reshape(x: Node, shape: Shape): Node {
  if (sameShape(x.shape, shape)) return x;
  if (x.op === reshapeOp) return reshape(x.inputs[0]!, shape);
  const positive = negated(x);
  if (positive !== undefined) return neg(reshape(positive, shape));
  const scaled = scaledColumns(x);
  const width = x.shape[x.shape.length - 1];
  // A factor that scales columns stays outermost where the columns stay what they are.
  if (scaled !== undefined && sameShape(scaled.rows.shape, x.shape) && shape[shape.length - 1] === width)
    return mul(reshape(scaled.rows, shape), reshape(scaled.columns, scaled.columns.shape.slice(-1)));
  return makeNode(reshapeOp, [x], { shape });
}

/** [..., rows, width] → [all rows, width]. */
export function flatRows(x: Node): Node {
  return reshape(x, [productOf(x.shape.slice(0, -1)), x.shape[x.shape.length - 1]!]);
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
    (_node, d) =>
      d.op === matmulOp ? matmul(transpose(d.inputs[1]!), transpose(d.inputs[0]!)) : transpose(d),
  ],
  onnx: (emit, node, [x]) => emit.node('Transpose', [x!], { perm: lastTwoSwapped(node.shape.length) }),
  tfjs: ({ tf }, node, [x]) => tf.transpose(x!, lastTwoSwapped(node.shape.length)),
};

function lastTwoSwapped(rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
}

/** Swaps the last two axes. */
export function transpose(x: Node): Node {
  if (x.op === transposeOp) return x.inputs[0]!;
  const positive = negated(x);
  if (positive !== undefined) return neg(transpose(positive));
  // A vector lies in memory as its transpose does; products with a plain vector are the fastest.
  const { shape } = x;
  const [rows, columns] = [shape[shape.length - 2], shape[shape.length - 1]];
  if (rows === 1 || columns === 1) return reshape(x, [...shape.slice(0, -2), columns!, rows!]);
  return makeNode(transposeOp, [x]);
}
