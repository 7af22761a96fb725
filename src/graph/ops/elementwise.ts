// Element-wise arithmetic with broadcasting. Every gradient is written in the same ops, from the op's input or output.
import type { Tensor } from '@tensorflow/tfjs';
import { broadcastShapes } from '../ir/dims.js';
import { type GradientRule, makeNode, type Node, type Op, type TfContext } from '../ir/node.js';
import { constant } from './leaves.js';

function binary(
  name: string,
  onnx: string,
  tfjs: (context: TfContext, a: Tensor, b: Tensor) => Tensor,
  left: GradientRule,
  right: GradientRule,
): Op {
  return {
    name,
    shape: ([a, b]) => broadcastShapes(a!.shape, b!.shape),
    gradient: [
      (node, d, ops) => ops.sumTo(left(node, d, ops), node.inputs[0]!.shape),
      (node, d, ops) => ops.sumTo(right(node, d, ops), node.inputs[1]!.shape),
    ],
    onnx: (emit, _node, inputs) => emit.node(onnx, inputs),
    tfjs: (context, _node, [a, b]) => tfjs(context, a!, b!),
  };
}

export const addOp = binary(
  'add',
  'Add',
  ({ tf }, a, b) => tf.add(a, b),
  (_node, d) => d,
  (_node, d) => d,
);
export const subOp = binary(
  'sub',
  'Sub',
  ({ tf }, a, b) => tf.sub(a, b),
  (_node, d) => d,
  (_node, d, ops) => ops.neg(d),
);
export const mulOp = binary(
  'mul',
  'Mul',
  ({ tf }, a, b) => tf.mul(a, b),
  (node, d, ops) => ops.mul(d, node.inputs[1]!),
  (node, d, ops) => ops.mul(d, node.inputs[0]!),
);
export const divOp = binary(
  'div',
  'Div',
  ({ tf }, a, b) => tf.div(a, b),
  (node, d, ops) => ops.div(d, node.inputs[1]!),
  (node, d, ops) => ops.neg(ops.div(ops.mul(d, node), node.inputs[1]!)),
);

function unary(
  name: string,
  onnx: string,
  tfjs: (context: TfContext, x: Tensor) => Tensor,
  gradient: GradientRule | null,
): Op {
  return {
    name,
    shape: ([x]) => x!.shape,
    gradient: [gradient],
    onnx: (emit, _node, inputs) => emit.node(onnx, inputs),
    tfjs: (context, _node, [x]) => tfjs(context, x!),
  };
}

export const negOp = unary(
  'neg',
  'Neg',
  ({ tf }, x) => tf.neg(x),
  (_node, d, ops) => ops.neg(d),
);
export const expOp = unary(
  'exp',
  'Exp',
  ({ tf }, x) => tf.exp(x),
  (node, d, ops) => ops.mul(d, node),
);
export const logOp = unary(
  'log',
  'Log',
  ({ tf }, x) => tf.log(x),
  (node, d, ops) => ops.div(d, node.inputs[0]!),
);
export const sqrtOp = unary(
  'sqrt',
  'Sqrt',
  ({ tf }, x) => tf.sqrt(x),
  (node, d, ops) => ops.div(ops.mul(d, constant(0.5)), node),
);
export const tanhOp = unary(
  'tanh',
  'Tanh',
  ({ tf }, x) => tf.tanh(x),
  (node, d, ops) => ops.mul(d, ops.sub(constant(1), ops.mul(node, node))),
);
export const sigmoidOp = unary(
  'sigmoid',
  'Sigmoid',
  ({ tf }, x) => tf.sigmoid(x),
  (node, d, ops) => ops.mul(d, ops.mul(node, ops.sub(constant(1), node))),
);
export const softplusOp = unary(
  'softplus',
  'Softplus',
  ({ tf }, x) => tf.softplus(x),
  (node, d, ops) => ops.mul(d, sigmoid(node.inputs[0]!)),
);
export const reluOp = unary(
  'relu',
  'Relu',
  ({ tf }, x) => tf.relu(x),
  (node, d, ops) =>
    // The mask is taken of the output: it is positive exactly where the input is, and the input can be freed.
    ops.mul(d, step(node)),
);
/** 1 where x > 0, else 0. Flat almost everywhere, so nothing flows back. */
export const stepOp: Op = {
  ...unary('step', 'Sign', ({ tf }, x) => tf.cast(tf.greater(x, 0), 'float32'), null),
  // min(1, max(0, slope · x)): one vectorised pass, a quarter of the time of Greater and Cast. With this slope every
  // positive normal number reaches 1; only of subnormal ones, below 3e-39, comes less.
  onnx: (emit, _node, [x]) =>
    emit.node('HardSigmoid', [x!], { alpha: { float: 3.4e38 }, beta: { float: 0 } }),
};
/** The value of x, through which nothing flows back: what first-order MAML does to the inner gradient. */
export const detachOp = unary('detach', 'Identity', ({ tf }, x) => tf.clone(x), null);

/** What `x` negates, else undefined. */
export const negated = (x: Node): Node | undefined => (x.op === negOp ? x.inputs[0]! : undefined);
export const exp = (x: Node): Node => makeNode(expOp, [x]);
export const log = (x: Node): Node => makeNode(logOp, [x]);
export const sqrt = (x: Node): Node => makeNode(sqrtOp, [x]);
export const tanh = (x: Node): Node => makeNode(tanhOp, [x]);
export const sigmoid = (x: Node): Node => makeNode(sigmoidOp, [x]);
export const softplus = (x: Node): Node => makeNode(softplusOp, [x]);
export const relu = (x: Node): Node => makeNode(reluOp, [x]);
export const step = (x: Node): Node => makeNode(stepOp, [x]);
export const detach = (x: Node): Node => makeNode(detachOp, [x]);
