// What an op's ONNX lowering may write: nodes, constants, shapes.
import type { Shape } from './dims.js';

/** ONNX TensorProto.DataType of what we write. */
export const ONNX_TYPE = { float32: 1, int64: 7, string: 8, bool: 9, float64: 11 } as const;

/** Values of a constant tensor. */
export type Constants = Float32Array | Float64Array | BigInt64Array | readonly string[];

export type OnnxAttribute =
  | number
  | string
  | readonly number[]
  | { readonly strings: readonly string[] }
  | { readonly floats: readonly number[] }
  | { readonly float: number }
  | { readonly int64s: readonly number[] };

export interface OnnxEmitter {
  /** Adds a node of the default domain (or `domain`) and returns the name of its one result. */
  node(
    type: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, OnnxAttribute>>,
    domain?: string,
  ): string;
  /** A float32 scalar. */
  scalar(value: number): string;
  /** A one-dimensional int64 constant. */
  int64s(values: readonly number[]): string;
  /** A constant tensor. */
  initializer(data: Constants, shape: readonly number[]): string;
  /** One-dimensional int64 tensor with the sizes of `shape`; named dims are read from the graph's inputs at run time. */
  shapeTensor(shape: Shape): string;
  /** The target of a Reshape from one shape to another: −1 where one size follows from the rest. */
  reshapeTarget(from: Shape, to: Shape): string;
}
