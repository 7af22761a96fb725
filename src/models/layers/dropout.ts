// Dropout (Srivastava et al. 2014, JMLR 15): a training program multiplies by a mask that is drawn anew for every tile.

import type { Node } from '../../graph/ir/node.js';
import { mul } from '../../graph/ops/algebra.js';
import { input } from '../../graph/ops/leaves.js';
import type { TrainingPass } from '../contract/training-pass.js';

/** Input that carries the mask of the input `name`. */
export function maskName(name: string): string {
  return `mask.${name}`;
}

/**
 * `x` times the mask of the input `name`, of x's shape: 0 for a dropped value, 1 / (1 − rate) for a kept one, so that the mean
 * stays and scoring needs no mask.
 */
export function dropout(x: Node, name: string): Node {
  return mul(x, input(maskName(name), x.shape));
}

/** `x` [..., width] times the mask of the model's hidden dropout `name`; `x` itself outside of training. */
export function hiddenDropout(x: Node, name: string, pass: TrainingPass | undefined): Node {
  return pass === undefined ? x : mul(x, pass.mask(name, x));
}
