// Sums, reshapes and transposes with signs and factors kept outermost, and without those that change nothing.
import { productOf, type Shape, sameShape } from '../../ir/dims.js';
import { type Algebra, makeNode, type Node } from '../../ir/node.js';
import { negated } from '../elementwise.js';
import { expandOp, reshapeOp, sumOp, transposeOp } from '../shaping.js';
import { scaledColumns, sumOfProduct } from './factors.js';

/** Repeats `x` to `shape` (NumPy broadcasting). */
export function expand(x: Node, shape: Shape): Node {
  return sameShape(x.shape, shape) ? x : makeNode(expandOp, [x], { shape });
}

/** Sum over `axes`; summed axes stay as 1 when `keep`. */
export function sum(ops: Algebra, x: Node, axes: readonly number[], keep = false): Node {
  if (axes.length === 0) return x;
  const positive = negated(x);
  if (positive !== undefined) return ops.neg(ops.sum(positive, axes, keep));
  const cheaper = sumOfProduct(ops, x, axes);
  if (cheaper === undefined) return makeNode(sumOp, [x], { axes, keep: keep ? 1 : 0 });
  return keep
    ? cheaper
    : ops.reshape(
        cheaper,
        x.shape.filter((_, axis) => !axes.includes(axis)),
      );
}

/** Sums what broadcasting repeated: the gradient of `expand` from `shape`. */
export function sumTo(ops: Algebra, x: Node, shape: Shape): Node {
  if (sameShape(x.shape, shape)) return x;
  const extra = x.shape.length - shape.length;
  const leading = Array.from({ length: extra }, (_, axis) => axis);
  const inner = shape.flatMap((dim, axis) =>
    dim === 1 && x.shape[axis + extra] !== 1 ? [axis + extra] : [],
  );
  if (inner.length === 0) return ops.sum(x, leading);
  return ops.reshape(ops.sum(x, [...leading, ...inner], true), shape);
}

/** The same values, row-major, in another shape of equal size. */
export function reshape(ops: Algebra, x: Node, shape: Shape): Node {
  if (sameShape(x.shape, shape)) return x;
  if (x.op === reshapeOp) return ops.reshape(x.inputs[0]!, shape);
  const positive = negated(x);
  if (positive !== undefined) return ops.neg(ops.reshape(positive, shape));
  const scaled = scaledColumns(x);
  const width = x.shape[x.shape.length - 1];
  // A factor that scales columns stays outermost where the columns stay what they are.
  if (scaled !== undefined && sameShape(scaled.rows.shape, x.shape) && shape[shape.length - 1] === width)
    return ops.mul(
      ops.reshape(scaled.rows, shape),
      ops.reshape(scaled.columns, scaled.columns.shape.slice(-1)),
    );
  return makeNode(reshapeOp, [x], { shape });
}

/** [..., rows, width] → [all rows, width]. */
export function flatRows(ops: Algebra, x: Node): Node {
  return ops.reshape(x, [productOf(x.shape.slice(0, -1)), x.shape[x.shape.length - 1]!]);
}

/** Swaps the last two axes. */
export function transpose(ops: Algebra, x: Node): Node {
  if (x.op === transposeOp) return x.inputs[0]!;
  const positive = negated(x);
  if (positive !== undefined) return ops.neg(ops.transpose(positive));
  // A vector lies in memory as its transpose does; products with a plain vector are the fastest.
  const { shape } = x;
  const [rows, columns] = [shape[shape.length - 2], shape[shape.length - 1]];
  if (rows === 1 || columns === 1) return ops.reshape(x, [...shape.slice(0, -2), columns!, rows!]);
  return makeNode(transposeOp, [x]);
}
