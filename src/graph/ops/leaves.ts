// Leaves of a graph: what is fed at every run, and what is fixed when it is built.
import type { Shape } from '../ir/dims.js';
import { type DType, makeNode, type Node, type Op, type TensorData } from '../ir/node.js';

export const inputOp: Op = {
  name: 'input',
  shape: (_inputs, attrs) => attrs['shape'] as Shape,
  dtype: (_inputs, attrs) => attrs['dtype'] as DType,
  gradient: 'leaf',
  onnx: (_emit, node) => node.attrs['name'] as string,
  tfjs: () => {
    throw new Error('an input is fed, not computed');
  },
};

/** A tensor fed by name at every run. */
export function input(name: string, shape: Shape, dtype: DType = 'float32'): Node {
  return makeNode(inputOp, [], { name, shape, dtype });
}

export const constantOp: Op = {
  name: 'constant',
  shape: (_inputs, attrs) => attrs['shape'] as Shape,
  dtype: (_inputs, attrs) => (attrs['data'] instanceof BigInt64Array ? 'int64' : 'float32'),
  gradient: 'leaf',
  onnx: (emit, node) => emit.initializer(node.attrs['data'] as TensorData, node.shape as readonly number[]),
  tfjs: ({ tf }, node) => {
    const data = node.attrs['data'] as TensorData;
    const shape = [...(node.shape as readonly number[])];
    return data instanceof BigInt64Array
      ? tf.tensor(Int32Array.from(data, Number), shape, 'int32')
      : tf.tensor(data, shape, 'float32');
  },
};

/** A tensor whose values are part of the graph. */
export function tensor(data: TensorData, shape: readonly number[]): Node {
  return makeNode(constantOp, [], { data, shape });
}

/** Scalars in use, so that equal ones are one node. */
const scalars = new Map<number, WeakRef<Node>>();

/** A scalar, shape []. */
export function constant(value: number): Node {
  const known = Object.is(value, -0) ? undefined : scalars.get(value)?.deref();
  if (known !== undefined) return known;
  const node = tensor(Float32Array.of(value), []);
  if (!Object.is(value, -0)) scalars.set(value, new WeakRef(node));
  return node;
}

/** The value of a scalar constant, else undefined. */
export function scalarValue(node: Node): number | undefined {
  if (node.op !== constantOp || node.shape.length !== 0) return undefined;
  const data = node.attrs['data'] as TensorData;
  return Number(data[0]);
}
