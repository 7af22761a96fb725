// Programs that every executor runs in the tests, with what the interpreter makes of them in float64.
import type { DimSizes } from '../../src/graph/ir/dims.js';
import type { Node } from '../../src/graph/ir/node.js';
import { programInputs } from '../../src/graph/onnx/model.js';
import { input } from '../../src/graph/ops/leaves.js';
import type {
  CompiledProgram,
  Executor,
  Feeds,
  Program,
  Results,
  Tensor,
} from '../../src/runtime/executor.js';
import { relativeError } from '../../src/testing/float64/finite-differences.js';
import { interpreter } from '../../src/testing/float64/interpreter.js';
import { type Value, type Values, value } from '../../src/testing/float64/value.js';

/** Agreement of float32 with float64 asked of every executor, relative to the largest number of a result. */
export const AGREEMENT = 1e-5;
/** Results smaller than this are compared to it: they come about by cancelling numbers of order 1. */
const FLOOR = 0.1;

/** A program as executors take it, for any feeds of its inputs. */
interface CheckedProgram {
  readonly program: Program;
  /** The worst relative error of the compiled program's results for these feeds. */
  error(compiled: CompiledProgram, feeds: Values, sizes?: DimSizes): Promise<number>;
}

export function checkedProgram(outputs: Readonly<Record<string, Node>>): CheckedProgram {
  const program = { outputs };
  const inputs = programInputs(program);
  const evaluate = interpreter(Object.values(outputs));
  return {
    program,
    async error(compiled, feeds) {
      const results = await compiled.run(toFeeds(inputs, feeds));
      const expected = evaluate(feeds);
      if (String(Object.keys(results).sort()) !== String(Object.keys(outputs).sort()))
        throw new Error(`results ${Object.keys(results)} for outputs ${Object.keys(outputs)}`);
      return Math.max(
        ...Object.keys(outputs).map((name, i) => relativeError(toValue(results[name]!), expected[i]!, FLOOR)),
      );
    },
  };
}

export async function errorOf(
  executor: Executor,
  outputs: Readonly<Record<string, Node>>,
  feeds: Values,
): Promise<number> {
  const checked = checkedProgram(outputs);
  const compiled = await executor.compile(checked.program);
  try {
    return await checked.error(compiled, feeds);
  } finally {
    await compiled.dispose();
  }
}

/** An input that has every named dim of `sizes`, as one more output: a graph of one op may have lost them. */
export function sizeAnchor(sizes: DimSizes): { node: Node; fed: Value } {
  const shape = Object.values(sizes);
  const count = shape.reduce((product, size) => product * size, 1);
  return { node: input('anchor', Object.keys(sizes)), fed: value(new Float64Array(count), shape) };
}

export function toFeeds(inputs: ReadonlyMap<string, Node>, values: Values): Feeds {
  const feeds: Record<string, Tensor> = {};
  for (const [name, node] of inputs) {
    const { data, shape } = values[name]!;
    feeds[name] = {
      data: node.dtype === 'int64' ? BigInt64Array.from(data, BigInt) : Float32Array.from(data),
      shape,
    };
  }
  return feeds;
}

function toValue({ data, shape }: Results[string]): Value {
  return value(Array.from(data as ArrayLike<number | bigint>, Number), shape);
}
