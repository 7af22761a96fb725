// Reverse-mode differentiation of a graph, symbolically: the result is a graph in the same ops.

import { type GradientRule, type Node, topologicalOrder } from './ir/node.js';
import { add, algebra, expand, mul } from './ops/algebra.js';
import { constant } from './ops/leaves.js';

/**
 * The gradients of the sum of `y`'s elements by each of `xs`, each of its x's shape. Gradients are ordinary nodes, so
 * differentiating again gives second and higher orders. An x that `y` does not depend on gets zeros.
 */
export function differentiate(y: Node, xs: readonly Node[]): Node[] {
  const order = topologicalOrder([y]);
  const depends = new Set<Node>(xs);
  for (const node of order) if (node.inputs.some((input) => depends.has(input))) depends.add(node);

  const gradients = new Map<Node, Node>([[y, expand(constant(1), y.shape)]]);
  const wanted = new Set<Node>(xs);
  for (const node of order.reverse()) {
    const d = gradients.get(node);
    if (d === undefined || !depends.has(node) || node.op.gradient === 'leaf') continue;
    node.inputs.forEach((input, index) => {
      if (!depends.has(input)) return;
      const rule = node.op.gradient;
      const flow =
        rule === 'each'
          ? node.op.gradientOf!(node, d, index, algebra)
          : (rule as readonly (GradientRule | null)[])[index]?.(node, d, algebra);
      if (flow === undefined) return;
      const known = gradients.get(input);
      gradients.set(input, known === undefined ? flow : add(known, flow));
    });
    // Freed early so that long inner loops do not hold every intermediate gradient; the asked-for ones stay.
    if (!wanted.has(node)) gradients.delete(node);
  }
  return xs.map((x) => gradients.get(x) ?? zerosLike(x));
}

/** Named sizes are read from x itself: nothing else in the graph need have them. */
function zerosLike(x: Node): Node {
  const fixed = x.shape.every((dim) => typeof dim === 'number');
  return fixed ? expand(constant(0), x.shape) : mul(x, constant(0));
}
