// TensorFlow.js as an executor: it runs our graphs and never differentiates them. An independent check of the numbers.

import type { Tensor as TfTensor } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { InternalError, UserError } from '../errors.js';
import { type Node, type TfContext, topologicalOrder } from '../graph/ir/node.js';
import { programInputs } from '../graph/onnx/model.js';
import { inputOp } from '../graph/ops/leaves.js';
import type {
  CompiledProgram,
  CompileOptions,
  Executor,
  Feeds,
  Program,
  Results,
  Tensor,
} from './executor.js';
import { bindSizes } from './feeds.js';

export type TfLibrary = TfContext['tf'];

/** An executor over a loaded TensorFlow.js library, on the library's backend of that name. */
export function tfjsExecutor(name: string, version: string, library: TfLibrary, backend: string): Executor {
  // Else the library advises on standard error to install another package, in the middle of our progress line.
  library.env().set('PROD', true);
  return {
    name,
    version,
    async compile(program, options = {}) {
      refuseDevice(name, options);
      return compiled(program, library, backend);
    },
  };
}

/** The pure JavaScript backend. */
export const tfjs: Executor = tfjsExecutor('tfjs', tf.version_core, tf, 'cpu');

function refuseDevice(name: string, { device = 'cpu' }: CompileOptions): void {
  if (device === 'cpu') return;
  throw new UserError({
    code: 'DEVICE_ABSENT',
    where: `--device ${device}`,
    what: `The backend "${name}" computes on the CPU only.`,
    next: 'Use --backend onnxruntime with that device, or --device cpu.',
  });
}

function compiled(program: Program, tf: TfLibrary, backend: string): CompiledProgram {
  const inputs = programInputs(program);
  const outputs = Object.entries(program.outputs);
  const order = topologicalOrder(Object.values(program.outputs));
  const uses = countUses(order, Object.values(program.outputs));
  let disposed = false;
  return {
    inputs: [...inputs.keys()],
    async run(feeds) {
      if (disposed) throw new InternalError('a program was run after it was disposed');
      const sizes = bindSizes(inputs, feeds);
      // The backend is a setting of the whole library; nothing else runs between the check and the computation.
      while (tf.getBackend() !== backend)
        if (!(await tf.setBackend(backend)))
          throw new InternalError(`TensorFlow.js has no backend "${backend}"`);
      const tensors = tf.tidy(() => compute({ tf, sizes }, order, uses, feeds, program));
      return collect(outputs, tensors);
    },
    async dispose() {
      disposed = true;
    },
  };
}

/** How often each node's tensor is needed: once a using node (however many of its inputs it is), once as an output. */
function countUses(order: readonly Node[], outputs: readonly Node[]): ReadonlyMap<Node, number> {
  const uses = new Map<Node, number>();
  const count = (node: Node): void => {
    uses.set(node, (uses.get(node) ?? 0) + 1);
  };
  for (const node of order) for (const input of new Set(node.inputs)) count(input);
  for (const output of new Set(outputs)) count(output);
  return uses;
}

/** The outputs' tensors by their place in the program. Every other tensor is disposed right after its last use. */
function compute(
  context: TfContext,
  order: readonly Node[],
  uses: ReadonlyMap<Node, number>,
  feeds: Feeds,
  program: Program,
): Record<string, TfTensor> {
  const left = new Map(uses);
  const tensors = new Map<Node, TfTensor>();
  for (const node of order) {
    const inputs = node.inputs.map((input) => tensors.get(input)!);
    const result =
      node.op === inputOp
        ? toTf(context.tf, feeds[node.attrs['name'] as string]!)
        : node.op.tfjs(context, node, inputs);
    // A lowering may hand back its input as it is; a clone lets each of the two be disposed in its own time.
    tensors.set(node, inputs.includes(result) ? result.clone() : result);
    for (const input of new Set(node.inputs)) {
      const remaining = left.get(input)! - 1;
      left.set(input, remaining);
      if (remaining === 0) tensors.get(input)!.dispose();
    }
  }
  return Object.fromEntries(
    Object.entries(program.outputs).map(([name, node]) => [name, tensors.get(node)!]),
  );
}

function toTf(tf: TfLibrary, { data, shape }: Tensor): TfTensor {
  if (data instanceof Float32Array) return tf.tensor(data, [...shape], 'float32');
  if (data instanceof BigInt64Array) return tf.tensor(toInt32(data), [...shape], 'int32');
  if (data instanceof Float64Array)
    throw new InternalError('float64 is for raw values, which tfjs cannot read');
  return tf.tensor([...data], [...shape], 'string');
}

/** TensorFlow.js has no 64-bit integers. Throws where a number would not survive, rather than wrap it round. */
function toInt32(data: BigInt64Array): Int32Array {
  return Int32Array.from(data, (x) => {
    if (BigInt.asIntN(32, x) === x) return Number(x);
    throw new UserError({
      code: 'BACKEND_INTEGER_RANGE',
      where: '--backend tfjs',
      what: `TensorFlow.js holds 32-bit integers only, and an input has ${x}.`,
      next: 'Use --backend onnxruntime.',
    });
  });
}

/** Reads the tensors and disposes them. Results are copies: on some backends a tensor's numbers are the fed array itself. */
async function collect(
  outputs: readonly (readonly [string, Node])[],
  tensors: Readonly<Record<string, TfTensor>>,
): Promise<Results> {
  const results: Results = {};
  try {
    for (const [name, node] of outputs) {
      const tensor = tensors[name]!;
      results[name] = { data: fromTf(node, await tensor.data()), shape: [...tensor.shape] };
    }
  } finally {
    for (const tensor of new Set(Object.values(tensors))) tensor.dispose();
  }
  return results;
}

function fromTf(node: Node, data: ArrayLike<number> | ArrayLike<string>): Tensor['data'] {
  if (node.dtype === 'string') return Array.from(data as ArrayLike<string>);
  const numbers = data as ArrayLike<number>;
  return node.dtype === 'int64'
    ? BigInt64Array.from(Array.from(numbers, (x) => BigInt(x)))
    : Float32Array.from(numbers);
}
