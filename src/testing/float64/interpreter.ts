// Evaluates a graph in float64, one op at a time: the reference that gradients and executors are held to.
import { type DimSizes, sizesOf } from '../../graph/ir/dims.js';
import { type Node, topologicalOrder } from '../../graph/ir/node.js';
import { inputOp } from '../../graph/ops/leaves.js';
import { KERNELS } from './kernels.js';
import type { Value, Values } from './value.js';

/**
 * The graph of `outputs`, ready to be evaluated for any feeds; a result for every output in order. `known` gives sizes of
 * named dims that no input of the graph has.
 */
export function interpreter(outputs: readonly Node[], known: DimSizes = {}): (feeds: Values) => Value[] {
  const order = topologicalOrder(outputs);
  return (feeds) => {
    const sizes = dimSizes(order, feeds, known);
    const results = new Map<Node, Value>();
    for (const node of order) {
      const kernel = KERNELS.get(node.op.name);
      if (kernel === undefined) throw new Error(`the interpreter has no op "${node.op.name}"`);
      const result =
        node.op === inputOp
          ? fed(node, feeds)
          : kernel(
              node,
              node.inputs.map((input) => results.get(input)!),
              sizes,
            );
      const expected = sizesOf(node.shape, sizes);
      if (String(result.shape) !== String(expected))
        throw new Error(
          `${node.op.name}: its shape rule says [${expected}], its values have [${result.shape}]`,
        );
      results.set(node, result);
    }
    return outputs.map((output) => results.get(output)!);
  };
}

export function interpret(outputs: readonly Node[], feeds: Values, known: DimSizes = {}): Value[] {
  return interpreter(outputs, known)(feeds);
}

function fed(node: Node, feeds: Values): Value {
  const name = node.attrs['name'] as string;
  const known = feeds[name];
  if (known === undefined) throw new Error(`input "${name}" is not fed`);
  return known;
}

/** What each named dim stands for, read from the fed inputs; all inputs must agree. */
function dimSizes(order: readonly Node[], feeds: Values, known: DimSizes): DimSizes {
  const sizes: Record<string, number> = { ...known };
  for (const node of order) {
    if (node.op !== inputOp) continue;
    const { shape } = fed(node, feeds);
    node.shape.forEach((dim, axis) => {
      if (typeof dim !== 'string' || dim.includes('*')) return;
      const size = sizes[dim] ?? shape[axis]!;
      if (size !== shape[axis]) throw new Error(`"${dim}" is ${size} and also ${shape[axis]}`);
      sizes[dim] = size;
    });
  }
  return sizes;
}
