// A node of the tensor graph, the definition of an op (all that is known of it in one entry), and the algebra of gradients.
import type { Tensor as TfTensor } from '@tensorflow/tfjs';
import type { Dim, DimSizes, Shape } from './dims.js';
import type { OnnxEmitter } from './emit.js';

/** `float64` and `string` are raw values: only the ops that read them take them. */
export type DType = 'float32' | 'float64' | 'int64' | 'string';
export type TensorData = Float32Array | BigInt64Array;
type AttrValue = number | string | Shape | readonly string[] | TensorData;
type Attrs = Readonly<Record<string, AttrValue>>;

export interface Node {
  /** Creation order; unique in the process. */
  readonly id: number;
  readonly op: Op;
  readonly inputs: readonly Node[];
  readonly attrs: Attrs;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** What a tfjs lowering may use: the library itself and the sizes of the named dims in this run. */
export interface TfContext {
  readonly tf: typeof import('@tensorflow/tfjs');
  readonly sizes: DimSizes;
}

export interface Op {
  readonly name: string;
  readonly shape: (inputs: readonly Node[], attrs: Attrs) => Shape;
  /** The first input's type when absent. */
  readonly dtype?: (inputs: readonly Node[], attrs: Attrs) => DType;
  /**
   * One function an input: given the node and the gradient `d` of some scalar by its output, the gradient by that
   * input, as nodes again (hence any order of derivative), written in `ops`. `null`: nothing flows back through that input.
   */
  readonly gradient: readonly (GradientRule | null)[] | 'leaf' | 'each';
  /** For ops with any number of inputs (`gradient: 'each'`): the gradient by input `index`. */
  readonly gradientOf?: (node: Node, d: Node, index: number, ops: Algebra) => Node;
  /** Writes ONNX nodes and returns the name of the result. */
  readonly onnx: (emit: OnnxEmitter, node: Node, inputs: readonly string[]) => string;
  readonly tfjs: (context: TfContext, node: Node, inputs: readonly TfTensor[]) => TfTensor;
}

export type GradientRule = (node: Node, d: Node, ops: Algebra) => Node;

/**
 * The ops that gradients and simplifications are written in. Each leaves out what changes nothing, in terms of the others, so
 * they are tied together in one place (ops/algebra.ts) and handed to whoever needs them.
 */
export interface Algebra {
  add(a: Node, b: Node): Node;
  sub(a: Node, b: Node): Node;
  mul(a: Node, b: Node): Node;
  div(a: Node, b: Node): Node;
  neg(x: Node): Node;
  /** a [..., m, k] × b [..., k, n] → [..., m, n]. */
  matmul(a: Node, b: Node): Node;
  /** Repeats `x` to `shape` (NumPy broadcasting). */
  expand(x: Node, shape: Shape): Node;
  /** Sum over `axes`; summed axes stay as 1 when `keep`. */
  sum(x: Node, axes: readonly number[], keep?: boolean): Node;
  /** Sums what broadcasting repeated: the gradient of `expand` from `shape`. */
  sumTo(x: Node, shape: Shape): Node;
  /** The same values, row-major, in another shape of equal size. */
  reshape(x: Node, shape: Shape): Node;
  /** [..., rows, width] → [all rows, width]. */
  flatRows(x: Node): Node;
  /** Swaps the last two axes. */
  transpose(x: Node): Node;
}

let created = 0;

/** Nodes by the newest of their inputs, so that a graph nobody holds any more is forgotten whole. */
const users = new WeakMap<Node, Map<string, Node>>();

/**
 * Builds a node; the op's shape rule checks the inputs. Asked again for the same op on the same inputs it gives the same
 * node: gradients that meet in a node are added before they are multiplied on, so what several inner steps share is
 * differentiated once.
 */
export function makeNode(op: Op, inputs: readonly Node[], attrs: Attrs = {}): Node {
  const newest = inputs.reduce<Node | undefined>(
    (a, b) => (a !== undefined && a.id > b.id ? a : b),
    undefined,
  );
  if (newest === undefined) return freshNode(op, inputs, attrs);
  const known = users.get(newest) ?? new Map<string, Node>();
  users.set(newest, known);
  const key = `${op.name} ${inputs.map((input) => input.id)} ${JSON.stringify(attrs)}`;
  const found = known.get(key);
  if (found !== undefined && found.op === op) return found;
  const node = freshNode(op, inputs, attrs);
  known.set(key, node);
  return node;
}

function freshNode(op: Op, inputs: readonly Node[], attrs: Attrs): Node {
  const shape = op.shape(inputs, attrs);
  const dtype = op.dtype?.(inputs, attrs) ?? inputs[0]?.dtype ?? 'float32';
  return { id: created++, op, inputs, attrs, shape, dtype };
}

/** Every node that `outputs` depend on, inputs before users. Iterative: graphs of many inner steps are deep. */
export function topologicalOrder(outputs: readonly Node[]): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const stack: { node: Node; next: number }[] = [];
  for (const output of outputs) {
    if (seen.has(output)) continue;
    seen.add(output);
    stack.push({ node: output, next: 0 });
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const input = top.node.inputs[top.next++];
      if (input === undefined) {
        order.push(top.node);
        stack.pop();
      } else if (!seen.has(input)) {
        seen.add(input);
        stack.push({ node: input, next: 0 });
      }
    }
  }
  return order;
}

export function dimsAttr(node: Node, name: string): readonly Dim[] {
  return node.attrs[name] as Shape;
}

export function numberAttr(node: Node, name: string): number {
  return node.attrs[name] as number;
}
