// Products of stacks of rows with a matrix and a bias, written over all rows at once: so ONNX Runtime adds the bias, and takes what is
// positive, in the product itself (its Gemm), and not in passes of their own.
import { productOf, sameShape } from './ir/dims.js';
import { makeNode, type Node, topologicalOrder } from './ir/node.js';
import { addOp, reluOp } from './ops/elementwise.js';
import { matmulOp } from './ops/matrix.js';
import { reshapeOp } from './ops/shaping.js';

/** Up to so many terms the runtime sums in one go, and adds a bias to that: the bits are those of a product and a sum. */
const ONE_BLOCK = 128;

/** Nodes of the same values as `outputs`, to the bit, for a graph that is only run: no gradient is taken of it any more. */
export function flatProducts(outputs: Readonly<Record<string, Node>>): Record<string, Node> {
  const order = topologicalOrder(Object.values(outputs));
  const uses = new Map<Node, number>();
  for (const node of [...order.flatMap(({ inputs }) => inputs), ...Object.values(outputs)])
    uses.set(node, (uses.get(node) ?? 0) + 1);
  const written = new Map<Node, Node>();
  const writtenOf = (node: Node): Node => written.get(node)!;
  for (const node of order) {
    const inputs = node.inputs.map(writtenOf);
    const same = node.inputs.every((input, i) => input === inputs[i]);
    const once = node.inputs.every((input) => input.inputs.length === 0 || uses.get(input) === 1);
    const flat = once ? (flatSum(node, inputs) ?? flatRelu(node, inputs)) : undefined;
    written.set(node, flat ?? (same ? node : makeNode(node.op, inputs, node.attrs)));
  }
  return Object.fromEntries(Object.entries(outputs).map(([name, node]) => [name, writtenOf(node)]));
}

/** x·W + b of a stack x [.., k] of many rows: the rows flat, then stacked again. */
function flatSum(node: Node, inputs: readonly Node[]): Node | undefined {
  if (node.op !== addOp) return undefined;
  const [product, bias] = inputs as readonly [Node, Node];
  if (product.op !== matmulOp || bias.shape.length !== 2 || bias.shape[0] !== 1) return undefined;
  const [x, matrix] = product.inputs as readonly [Node, Node];
  const terms = matrix.shape[0]!;
  if (matrix.shape.length !== 2 || typeof terms !== 'number' || terms > ONE_BLOCK) return undefined;
  // One row a task, or one task, is little to add to.
  if (x.shape.slice(0, -1).filter((dim) => typeof dim === 'string').length < 2) return undefined;
  const sum = makeNode(addOp, [makeNode(matmulOp, [flatRows(x), matrix]), bias]);
  return makeNode(reshapeOp, [sum], { shape: node.shape });
}

function flatRelu(node: Node, [stacked]: readonly Node[]): Node | undefined {
  if (node.op !== reluOp || stacked!.op !== reshapeOp || stacked!.inputs[0]!.op !== addOp) return undefined;
  return makeNode(reshapeOp, [makeNode(reluOp, [stacked!.inputs[0]!])], { shape: node.shape });
}

function flatRows(x: Node): Node {
  const shape = [productOf(x.shape.slice(0, -1)), x.shape[x.shape.length - 1]!];
  const flat = x.op === reshapeOp ? x.inputs[0]! : undefined;
  return flat !== undefined && sameShape(flat.shape, shape) ? flat : makeNode(reshapeOp, [x], { shape });
}
