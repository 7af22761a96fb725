// Cases of the element-wise ops: every rank from 0 to 3, every way of broadcasting.
import type { Node } from '../../../src/graph/ir/node.js';
import { algebra } from '../../../src/graph/ops/algebra.js';
import * as ops from '../../../src/graph/ops/elementwise.js';
import { type Domain, type OpCase, opCase } from './op-case.js';

const SHAPES = ['', '3', 'tasks 2', 'tasks support 2'];

/** Shapes that broadcast in every way the engine uses: over leading axes, inner axes, both sides at once, scalars. */
const PAIRS = [
  ['', ''],
  ['2 3', '2 3'],
  ['2 3', '3'],
  ['2 1', '1 3'],
  ['', '2 3'],
  ['tasks support 2', 'tasks 1 2'],
  ['2', 'tasks support 2'],
  ['1 support', 'tasks 1'],
] as const;

function unary(op: string, build: (x: Node) => Node, domain: Domain): OpCase[] {
  return SHAPES.map((shape) => opCase(op, `[${shape}]`, [{ shape, domain }], build));
}

function binary(op: string, build: (a: Node, b: Node) => Node, right: Domain = 'any'): OpCase[] {
  const pairs = PAIRS.map(([a, b]) =>
    opCase(op, `[${a}] with [${b}]`, [{ shape: a }, { shape: b, domain: right }], build),
  );
  // Both inputs depend on the same one: what flows back through each has to be added up.
  const shared = opCase(op, 'one input on both sides', [{ shape: 'tasks 3', domain: right }], (x) =>
    build(x, ops.exp(x)),
  );
  return [...pairs, shared];
}

export const ELEMENTWISE_CASES: readonly OpCase[] = [
  ...binary('add', algebra.add),
  ...binary('sub', algebra.sub),
  ...binary('mul', algebra.mul),
  ...binary('div', algebra.div, 'positive'),
  ...unary('neg', algebra.neg, 'any'),
  ...unary('exp', ops.exp, 'any'),
  ...unary('log', ops.log, 'positive'),
  ...unary('sqrt', ops.sqrt, 'positive'),
  ...unary('tanh', ops.tanh, 'any'),
  ...unary('sigmoid', ops.sigmoid, 'any'),
  ...unary('softplus', ops.softplus, 'any'),
  ...unary('relu', ops.relu, 'kinked'),
  ...unary('step', ops.step, 'kinked'),
  ...unary('detach', ops.detach, 'any'),
];
