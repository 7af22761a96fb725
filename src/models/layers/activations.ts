// What stands between layers: element-wise functions, by the names that options use.

import { z } from 'zod';
import type { Node } from '../../graph/ir/node.js';
import { mul } from '../../graph/ops/algebra.js';
import { relu, sigmoid, softplus, tanh } from '../../graph/ops/elementwise.js';

/** x · sigmoid(x) (Hendrycks & Gimpel 2016, arXiv 1606.08415): like a ReLU far from zero, smooth everywhere. */
export function silu(x: Node): Node {
  return mul(x, sigmoid(x));
}

/** Same shape in and out. All but `relu` are smooth, so that a rounding of their input moves a gradient by a rounding. */
export const ACTIVATIONS = { relu, silu, softplus, tanh } as const;

export type Activation = keyof typeof ACTIVATIONS;

export const ACTIVATION_NAMES = Object.keys(ACTIVATIONS) as [Activation, ...Activation[]];

/** The option that names one. */
export const activation = z.enum(ACTIVATION_NAMES).describe('what stands between the layers');
