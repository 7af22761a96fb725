// Broken gradient rules: the table's own rules, each spoiled in a way a slip of the pen would.
import type { Node, Op } from '../../src/graph/ir/node.js';
import { algebra, reshape, sumTo } from '../../src/graph/ops/algebra.js';
import * as ops from '../../src/graph/ops/elementwise.js';
import { pad, slice } from '../../src/graph/ops/joining.js';
import { constant } from '../../src/graph/ops/leaves.js';

type Rule = (node: Node, d: Node) => Node;

/** What is done to a right rule. `null`: the rule is taken away, so nothing flows back. */
export const GENERIC_MUTATIONS: Readonly<Record<string, (rule: Rule) => Rule | null>> = {
  'scaled by 1.01': (rule) => (node, d) => algebra.mul(rule(node, d), constant(1.01)),
  'sign flipped': (rule) => (node, d) => algebra.neg(rule(node, d)),
  'taken away': () => null,
  'moved by 0.01': (rule) => (node, d) => algebra.add(rule(node, d), constant(0.01)),
  // Right at first order, and blind to everything at the second: the fault that has to be caught by second derivatives.
  'cut off from the second order': (rule) => (node, d) => ops.detach(rule(node, d)),
};

const one = (node: Node, index: number): Node => node.inputs[index]!;
const lastAxis = (x: Node): number => x.shape[x.shape.length - 1] as number;

/** Wrong or missing terms, for an op's input at a position. */
export const WRONG_TERMS: Readonly<Record<string, readonly (readonly [position: number, Rule])[]>> = {
  mul: [
    [0, (node, d) => sumTo(algebra.mul(d, one(node, 0)), one(node, 0).shape)],
    [1, (node, d) => sumTo(algebra.mul(d, one(node, 1)), one(node, 1).shape)],
  ],
  div: [
    [0, (node, d) => sumTo(algebra.mul(d, one(node, 1)), one(node, 0).shape)],
    [1, (node, d) => sumTo(algebra.neg(algebra.mul(d, node)), one(node, 1).shape)],
  ],
  exp: [[0, (node, d) => algebra.mul(d, one(node, 0))]],
  log: [[0, (node, d) => algebra.div(d, node)]],
  sqrt: [[0, (node, d) => algebra.div(d, node)]],
  tanh: [
    [0, (node, d) => algebra.mul(d, algebra.sub(constant(1), node))],
    [0, (node, d) => algebra.mul(d, algebra.sub(constant(1), algebra.mul(one(node, 0), one(node, 0))))],
  ],
  sigmoid: [
    [0, (node, d) => algebra.mul(d, node)],
    [0, (node, d) => algebra.mul(d, algebra.sub(constant(1), node))],
    // What tfjs does: right once, but the derivative of the derivative is lost.
    [0, (node, d) => algebra.mul(d, ops.detach(algebra.mul(node, algebra.sub(constant(1), node))))],
  ],
  softplus: [[0, (node, d) => algebra.mul(d, ops.sigmoid(node))]],
  relu: [
    [0, (_node, d) => d],
    [
      0,
      (node, d) => algebra.mul(d, algebra.sub(algebra.mul(ops.step(node), constant(1.01)), constant(0.01))),
    ],
  ],
  transpose: [[0, (node, d) => reshape(d, one(node, 0).shape)]],
  concat: [
    [1, (node, d) => slice(d, 0, lastAxis(one(node, 1)))],
    [2, (node, d) => slice(d, lastAxis(one(node, 0)), lastAxis(one(node, 0)) + lastAxis(one(node, 2)))],
  ],
  slice: [
    [
      0,
      (node, d) => {
        const end = node.attrs['end'] as number;
        return pad(d, lastAxis(one(node, 0)) - end, node.attrs['start'] as number);
      },
    ],
  ],
  pad: [[0, (node, d) => slice(d, 0, lastAxis(one(node, 0)))]],
};

/** Runs `body` while the op's rule at `position` is another one; the table is as before afterwards. */
export function withRule<T>(op: Op, position: number, rule: Rule | null, body: () => T): T {
  const open = op as { -readonly [K in keyof Op]: Op[K] };
  const { gradient, gradientOf } = op;
  if (gradient === 'leaf') throw new Error(`${op.name} has no rule`);
  if (gradient === 'each')
    open.gradientOf = (node, d, index) => {
      if (index !== position) return gradientOf!(node, d, index, algebra);
      return rule === null ? algebra.mul(gradientOf!(node, d, index, algebra), constant(0)) : rule(node, d);
    };
  else open.gradient = gradient.map((known, index) => (index === position ? rule : known));
  try {
    return body();
  } finally {
    open.gradient = gradient;
    if (gradientOf !== undefined) open.gradientOf = gradientOf;
  }
}

/** The op's rule at a position, also for ops with one rule for all positions. */
export function ruleAt(op: Op, position: number): Rule | null {
  const { gradient, gradientOf } = op;
  if (gradient === 'leaf') return null;
  if (gradient === 'each') return (node, d) => gradientOf!(node, d, position, algebra);
  const rule = gradient[position];
  return rule ? (node, d) => rule(node, d, algebra) : null;
}
