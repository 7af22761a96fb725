// Factors of a product that are alike in all rows or along a sum. Kept outermost they are multiplied once with a small
// result, not with every row of a large one. Gradients are full of them: of mask ⊙ (g·vᵀ), summed over the rows, only
// (maskᵀ·g) ⊙ v has to be computed.
import { sameShape } from '../../ir/dims.js';
import type { Algebra, Node } from '../../ir/node.js';
import { mulOp } from '../elementwise.js';

/** rows ⊙ columns, where `columns` scales each column (or everything) alike in all rows. */
interface ScaledColumns {
  readonly rows: Node;
  readonly columns: Node;
}

/** Whether every axis but the last has size 1. */
export function scalesColumns(node: Node): boolean {
  return node.shape.slice(0, -1).every((dim) => dim === 1);
}

/** The parts of a product whose second factor scales columns, as `mul` orders them. */
export function scaledColumns(node: Node): ScaledColumns | undefined {
  if (node.op !== mulOp) return undefined;
  const [rows, columns] = node.inputs as readonly [Node, Node];
  return scalesColumns(columns) && !scalesColumns(rows) ? { rows, columns } : undefined;
}

/** The product of a and b with the factor that scales columns outermost; undefined when neither has one inside. */
export function regroupedProduct(ops: Algebra, a: Node, b: Node): Node | undefined {
  const left = scaledColumns(a);
  const right = scaledColumns(b);
  if (left !== undefined && right !== undefined)
    return ops.mul(ops.mul(left.rows, right.rows), ops.mul(left.columns, right.columns));
  const [scaled, other] = left === undefined ? [right, a] : [left, b];
  if (scaled === undefined) return undefined;
  return scalesColumns(other)
    ? ops.mul(scaled.rows, ops.mul(scaled.columns, other))
    : ops.mul(ops.mul(scaled.rows, other), scaled.columns);
}

/** Of two products by the same columns, to be added or subtracted: the columns taken out, else undefined. */
export function commonColumns(a: Node, b: Node): { a: Node; b: Node; columns: Node } | undefined {
  const left = scaledColumns(a);
  const right = scaledColumns(b);
  return left !== undefined && right !== undefined && left.columns === right.columns
    ? { a: left.rows, b: right.rows, columns: left.columns }
    : undefined;
}

/**
 * The sum of a product over `axes`, summed axes kept as 1, as a cheaper expression; undefined where there is none.
 * Factors that do not vary along the axes come out of the sum, and what is left may be a matrix product.
 */
export function sumOfProduct(ops: Algebra, x: Node, axes: readonly number[]): Node | undefined {
  if (x.op !== mulOp) return undefined;
  const factors = factorsOf(x);
  const varies = (node: Node): boolean => axes.some((axis) => dimAt(node, axis, x) !== 1);
  const inside = factors.filter(varies);
  const outside = factors.filter((factor) => !varies(factor));
  if (inside.length === 0) return undefined;
  const rest = inside.reduce(ops.mul);
  const covers =
    rest.shape.length === x.shape.length && axes.every((axis) => rest.shape[axis] === x.shape[axis]);
  if (!covers) return undefined;
  if (outside.length > 0) return ops.mul(ops.sum(rest, axes, true), outside.reduce(ops.mul));
  return contraction(ops, inside, axes, x);
}

function factorsOf(node: Node): Node[] {
  return node.op === mulOp ? node.inputs.flatMap(factorsOf) : [node];
}

/** Size of `node` along an axis of `x`, which it broadcasts to. */
function dimAt(node: Node, axis: number, x: Node): Node['shape'][number] {
  return node.shape[axis - x.shape.length + node.shape.length] ?? 1;
}

/** Σ of thin ⊙ wide as a matrix product, where thin has size 1 on one of the last two axes. */
function contraction(
  ops: Algebra,
  factors: readonly Node[],
  axes: readonly number[],
  x: Node,
): Node | undefined {
  const rank = x.shape.length;
  if (rank < 2 || factors.length < 2) return undefined;
  const [row, column] = [rank - 2, rank - 1];
  const flat = axes.length === rank - 1 && !axes.includes(column);
  const alongRows = (axes.length === 1 && axes[0] === row) || flat;
  const alongColumns = axes.length === 1 && axes[0] === column;
  if (!alongRows && !alongColumns) return undefined;
  const thinAxis = alongRows ? column : row;
  const isThin = (factor: Node): boolean => dimAt(factor, thinAxis, x) === 1;
  // Of factors that are all thin (a vector a task) the first counts as the wide one.
  const wide = factors.every(isThin) ? factors.slice(0, 1) : factors.filter((factor) => !isThin(factor));
  const thin = factors.filter((factor) => !wide.includes(factor));
  if (thin.length === 0 || wide.length === 0) return undefined;
  const [a, b] = [thin.reduce(ops.mul), wide.reduce(ops.mul)];
  const others = (node: Node): Node['shape'] =>
    x.shape.map((dim, axis) => (axis === thinAxis ? node.shape[axis]! : dim));
  if (a.shape.length !== rank || !sameShape(b.shape, x.shape) || !sameShape(a.shape, others(a)))
    return undefined;
  if (alongColumns) return ops.matmul(b, ops.transpose(a));
  if (!flat || rank === 2) return ops.matmul(ops.transpose(a), b);
  // All rows of a stack: one product over them, instead of a stack of products to be summed.
  return ops.reshape(
    ops.matmul(ops.transpose(ops.flatRows(a)), ops.flatRows(b)),
    others(b).map((dim, axis) => (axis === column ? dim : 1)),
  );
}
