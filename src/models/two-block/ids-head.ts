// The second head of the two-block network: wide & deep with IDs, with numbers and a loss of its own.
import type { Node } from '../../graph/ir/node.js';
import { add, mul } from '../../graph/ops/algebra.js';
import { constant } from '../../graph/ops/leaves.js';
import { type WideDeepBlock, wideDeepBlock } from '../blocks/wide-deep.js';
import type { ModelInputs } from '../contract/definition.js';
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

/** What is scored: the mean of both heads' logits, weighed by the share of the ids head. */
export function mixed(meta: Node, ids: Node, share: number): Node {
  return add(mul(constant(1 - share), meta), mul(constant(share), ids));
}
