// The second head of the two-block network: wide & deep with IDs, with numbers and a loss of its own.
import type { Node } from '../../graph/ir/node.js';
import { add, mul, sub } from '../../graph/ops/algebra.js';
import { constant } from '../../graph/ops/leaves.js';
import { type WideDeepBlock, wideDeepBlock } from '../blocks/wide-deep.js';
import type { ModelInputs, ParameterSpec, Parameters } from '../contract/definition.js';
import type { TwoBlockOptions } from './options.js';

const OPTIMIZERS = { deep: 'ids', wide: 'ids.wide' } as const;

/** The head, where the options have one; its names begin with `ids.`. */
export function idsHead({ heads, ids }: TwoBlockOptions, inputs: ModelInputs): WideDeepBlock | undefined {
  return heads.includes('ids') ? wideDeepBlock(ids, inputs, OPTIMIZERS, 'ids.') : undefined;
}

export function idsOptimizers({ heads, ids }: TwoBlockOptions) {
  return heads.includes('ids')
    ? { [OPTIMIZERS.deep]: ids.optimizer, [OPTIMIZERS.wide]: ids.wide.optimizer }
    : {};
}

/** The parameter that holds the share where validation rows choose it. */
const SHARE = 'ids.share';
/** 0, 0.1, …, 1; the first stays where none is better. */
const SHARES = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9, 0, 1] as const;

export const isShareChosen = ({ heads, ids }: TwoBlockOptions): boolean =>
  heads.includes('ids') && ids.share === 'validation';

/** Of a share that validation rows choose: its parameter, which no gradient moves, and what it may be. */
export const headShare = { parameter: SHARE, values: SHARES } as const;

export const shareParameter: ParameterSpec = {
  name: SHARE,
  shape: [],
  init: { kind: 'constant', scale: SHARES[0] },
  decay: false,
  trained: false,
};

/** What is scored: the mean of both heads' logits, weighed by the share of the ids head. */
export function mixed(
  meta: Node,
  ids: Node,
  share: TwoBlockOptions['ids']['share'],
  parameters: Parameters,
): Node {
  if (share === 'validation') return add(meta, mul(parameters[SHARE]!, sub(ids, meta)));
  return add(mul(constant(1 - share), meta), mul(constant(share), ids));
}
