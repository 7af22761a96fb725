// What a test case of one op is, and how its inputs are drawn.
import { type DimSizes, type Shape, sizesOf } from '../../../src/graph/ir/dims.js';
import type { Node } from '../../../src/graph/ir/node.js';
import { input } from '../../../src/graph/ops/leaves.js';
import { randomStream } from '../../../src/random.js';
import { type Value, type Values, value } from '../../../src/testing/float64/value.js';

export interface OpCase {
  /** Name of the op under test: the op of `output`. */
  readonly op: string;
  readonly label: string;
  readonly output: Node;
  /** The fed inputs of `output` by name, those that hold numbers and those that hold indices alike. */
  readonly inputs: ReadonlyMap<string, Node>;
  readonly feeds: Values;
  readonly sizes: DimSizes;
}

/** The sizes that named dims have in the cases; primes and distinct, so that a mix-up changes a shape. */
export const CASE_SIZES: DimSizes = { tasks: 2, support: 3, rows: 5 };

/** How the numbers of an input are drawn: where the op is smooth, and where its derivatives are not tiny. */
export type Domain =
  /** Normal. */
  | 'any'
  /** Uniform in 0.5 .. 2. */
  | 'positive'
  /** Magnitude 0.5 .. 1.5, either sign: away from a kink at 0. */
  | 'kinked'
  /** Whole numbers below the given count, with repeats. */
  | { readonly below: number };

interface CaseInput {
  /** Dims with spaces between them: `'tasks support 2'`; `''` is a scalar. */
  readonly shape: string;
  readonly domain?: Domain;
}

/** The shape written as `'tasks support 2'`. */
export function shapeOf(text: string): Shape {
  return text === '' ? [] : text.split(' ').map((dim) => (/^\d+$/.test(dim) ? Number(dim) : dim));
}

/** Builds a case: `build` gets one graph input for each of `inputs`, in order, named x0, x1, … */
export function opCase(
  op: string,
  label: string,
  inputs: readonly CaseInput[],
  build: (...inputs: Node[]) => Node,
): OpCase {
  const nodes = new Map<string, Node>();
  const feeds: Record<string, Value> = {};
  inputs.forEach(({ shape: text, domain = 'any' }, index) => {
    const name = `x${index}`;
    const shape = shapeOf(text);
    nodes.set(name, input(name, shape, typeof domain === 'object' ? 'int64' : 'float32'));
    feeds[name] = drawn(sizesOf(shape, CASE_SIZES), domain, `${op} ${label} ${name}`);
  });
  const output = build(...nodes.values());
  if (output.op.name !== op) throw new Error(`the case "${op}: ${label}" builds a "${output.op.name}"`);
  return { op, label, output, inputs: nodes, feeds, sizes: CASE_SIZES };
}

/** Numbers that float32 holds exactly, so that executors and the interpreter start from the same ones. */
export function drawn(shape: readonly number[], domain: Domain, name: string): Value {
  const stream = randomStream(1, name);
  const size = shape.reduce((product, dim) => product * dim, 1);
  const draw = (): number => {
    if (domain === 'positive') return 0.5 + 1.5 * stream.uniform();
    if (domain === 'kinked') return (stream.uniform() < 0.5 ? -1 : 1) * (0.5 + stream.uniform());
    if (domain === 'any') return stream.normal();
    return stream.integer(domain.below);
  };
  return value(
    Array.from({ length: size }, () => Math.fround(draw())),
    shape,
  );
}
