// Dense layers one after the other, with an activation between them and none after the last.
import type { Node } from '../../graph/ir/node.js';
import { matmul } from '../../graph/ops/algebra.js';
import type { ParameterSpec, Parameters } from '../contract/definition.js';
import type { HiddenDropout, TrainingPass } from '../contract/training-pass.js';
import { ACTIVATIONS, type Activation } from './activations.js';
import { type BatchNormNames, batchNorm, batchNormParameters } from './batch-norm.js';
import { type DenseNames, dense, denseParameters } from './dense.js';
import { hiddenDropout } from './dropout.js';

/** What follows every hidden layer, in this order: batch norm, activation, dropout. */
export interface HiddenLayers {
  /** `relu` when absent. */
  readonly activation?: Activation;
  /** Share of values set to zero in training; the model declares `mlpDropouts`. */
  readonly dropout?: number;
  /** In the place of a hidden layer's bias, which the mean would take away again. */
  readonly batchNorm?: boolean;
  /** The last layer is a hidden one too. */
  readonly throughout?: boolean;
}

/** Names of layer `i` of the network `name`. */
export function layerNames(name: string, i: number): DenseNames {
  return { weight: `${name}.w${i}`, bias: `${name}.b${i}` };
}

function normNames(name: string, i: number): BatchNormNames {
  const of = (what: string): string => `${name}.${what}${i}`;
  return { scale: of('scale'), shift: of('shift'), mean: of('mean'), variance: of('variance') };
}

const dropoutName = (name: string, i: number): string => `hidden.${name}.${i}`;

const isHidden = (i: number, layers: number, { throughout = false }: HiddenLayers): boolean =>
  throughout || i < layers - 1;

/**
 * Parameters `<name>.w<i>` [in, out] and `<name>.b<i>` [1, out] of dense layers with the given widths; of a hidden layer with
 * batch norm `scale`, `shift`, `mean` and `variance` [1, out] instead of the bias.
 */
export function mlpParameters(
  name: string,
  widths: readonly number[],
  hidden: HiddenLayers = {},
): ParameterSpec[] {
  const layers = widths.length - 1;
  return widths.slice(1).flatMap((out, i) => {
    const parameters = denseParameters(layerNames(name, i), widths[i]!, out, i < layers - 1 ? 2 : 1);
    if (hidden.batchNorm !== true || !isHidden(i, layers, hidden)) return parameters;
    return [parameters[0]!, ...batchNormParameters(normNames(name, i), out)];
  });
}

/** What a model says in `hiddenDropouts` of a network with these hidden layers. */
export function mlpDropouts(name: string, widths: readonly number[], hidden: HiddenLayers): HiddenDropout[] {
  const { dropout: rate = 0 } = hidden;
  return widths
    .slice(1)
    .flatMap((width, i) =>
      rate > 0 && isHidden(i, widths.length - 1, hidden) ? [{ name: dropoutName(name, i), width, rate }] : [],
    );
}

/** x [..., in] → [..., out] through `layers` layers; `hidden` may be the name of an activation alone. */
export function mlp(
  parameters: Parameters,
  name: string,
  layers: number,
  x: Node,
  hidden: Activation | HiddenLayers = {},
  pass?: TrainingPass,
): Node {
  const options = typeof hidden === 'string' ? { activation: hidden } : hidden;
  let h = x;
  for (let i = 0; i < layers; i++)
    h = isHidden(i, layers, options)
      ? hiddenLayer(parameters, name, i, h, options, pass)
      : dense(parameters, layerNames(name, i), h);
  return h;
}

function hiddenLayer(
  parameters: Parameters,
  name: string,
  i: number,
  x: Node,
  { activation = 'relu', dropout = 0, batchNorm: normalised = false }: HiddenLayers,
  pass: TrainingPass | undefined,
): Node {
  const names = layerNames(name, i);
  const z = normalised
    ? batchNorm(parameters, normNames(name, i), matmul(x, parameters[names.weight]!), pass)
    : dense(parameters, names, x);
  const h = ACTIVATIONS[activation](z);
  return dropout > 0 ? hiddenDropout(h, dropoutName(name, i), pass) : h;
}
