// Tensors of float64 numbers, and what computes one op on them.
import type { DimSizes } from '../../graph/ir/dims.js';
import type { Node } from '../../graph/ir/node.js';

/** A dense row-major tensor. Indices are held as float64 too, which is exact up to 2^53. */
export interface Value {
  readonly data: Float64Array;
  readonly shape: readonly number[];
}
export type Values = Readonly<Record<string, Value>>;
export type Kernel = (node: Node, inputs: readonly Value[], sizes: DimSizes) => Value;

export function value(data: ArrayLike<number>, shape: readonly number[]): Value {
  const size = shape.reduce((product, dim) => product * dim, 1);
  if (data.length !== size) throw new Error(`${data.length} numbers for shape [${shape}]`);
  return { data: Float64Array.from(data), shape };
}
