// Batch normalisation (Ioffe & Szegedy 2015, arXiv 1502.03167): every column to mean 0 and variance 1 over the rows.
import type { Node } from '../../graph/ir/node.js';
import { add, div, mul, sub, sum } from '../../graph/ops/algebra.js';
import { sqrt, step } from '../../graph/ops/elementwise.js';
import { constant } from '../../graph/ops/leaves.js';
import type { ParameterSpec, Parameters } from '../contract/definition.js';
import type { TrainingPass } from '../contract/training-pass.js';

/** Added to the variance before its root is taken, as in PyTorch. */
const EPSILON = 1e-5;
/** Share of a running statistic that a step keeps, once there were enough steps. */
const MOMENTUM = 0.99;

/** Names of a layer's parameters. */
export interface BatchNormNames {
  readonly scale: string;
  readonly shift: string;
  readonly mean: string;
  readonly variance: string;
}

/** Learned scale (1) and shift (0), running mean (0) and variance (1), each [1, width]. */
export function batchNormParameters(
  { scale, shift, mean, variance }: BatchNormNames,
  width: number,
): ParameterSpec[] {
  const start = (name: string, value: number): ParameterSpec => ({
    name,
    shape: [1, width],
    init: { kind: 'constant', scale: value },
    decay: false,
  });
  const running = { trained: false, running: { momentum: MOMENTUM } };
  return [
    start(scale, 1),
    start(shift, 0),
    { ...start(mean, 0), ...running },
    { ...start(variance, 1), ...running },
  ];
}

/**
 * (x − mean) / √(variance + 1e-5) · scale + shift, [..., width] like x. In training the mean and the variance (divided by the
 * number of rows) are those of the tile's rows whose weight in the loss is not 0, whatever that weight; gradients flow through
 * both. A batch that is cut into several tiles is normalised tile by tile. Elsewhere they are the running ones: the mean of all
 * rows of a batch, and the unbiased variance within its tiles, averaged over steps.
 */
export function batchNorm(
  parameters: Parameters,
  names: BatchNormNames,
  x: Node,
  pass: TrainingPass | undefined,
): Node {
  const { mean, variance } =
    pass === undefined
      ? { mean: parameters[names.mean]!, variance: parameters[names.variance]! }
      : tileStatistics(names, x, pass);
  const factor = div(parameters[names.scale]!, sqrt(add(variance, constant(EPSILON))));
  return add(mul(sub(x, mean), factor), parameters[names.shift]!);
}

/** Mean and variance over the rows, each [1, ..., 1, width]. */
function tileStatistics(names: BatchNormNames, x: Node, pass: TrainingPass) {
  const axes = x.shape.slice(1).map((_, axis) => axis);
  const counted = step(pass.weight);
  const rows = sum(counted, axes, true);
  const total = sum(mul(counted, x), axes, true);
  const mean = div(total, rows);
  const off = sub(x, mean);
  const squares = sum(mul(counted, mul(off, off)), axes, true);
  pass.average(names.mean, total, rows);
  // The mean of a tile is chosen among its rows: that takes one of them away.
  pass.average(names.variance, squares, sub(rows, constant(1)));
  return { mean, variance: div(squares, rows) };
}
