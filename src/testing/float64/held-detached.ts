// The loss of which a first-order gradient is the true derivative: everything detached is held at the number it has.
import { makeNode, type Node, topologicalOrder } from '../../graph/ir/node.js';
import { detachOp } from '../../graph/ops/elementwise.js';
import { input } from '../../graph/ops/leaves.js';
import { interpret } from './interpreter.js';
import type { Value, Values } from './value.js';

/** `y` with an input in the place of every detached node, and the feeds with those nodes' present values. */
export function holdDetached(y: Node, feeds: Values): { held: Node; feeds: Values; count: number } {
  const order = topologicalOrder([y]);
  const detached = order.filter((node) => node.op === detachOp);
  const values = interpret(detached, feeds);
  const held: Record<string, Value> = {};
  const copies = new Map<Node, Node>();
  for (const node of order) {
    const place = detached.indexOf(node);
    if (place >= 0) {
      held[`held ${place}`] = values[place]!;
      copies.set(node, input(`held ${place}`, node.shape));
    } else if (node.inputs.length === 0) copies.set(node, node);
    else
      copies.set(
        node,
        makeNode(
          node.op,
          node.inputs.map((x) => copies.get(x)!),
          node.attrs,
        ),
      );
  }
  return { held: copies.get(y)!, feeds: { ...feeds, ...held }, count: detached.length };
}
