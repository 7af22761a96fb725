// Options of the two-block network: those that `limaml` and `finetune` share, and what they make of their own.

import { z } from 'zod';
import type { Adapted } from '../blocks/inner-loop.js';
import type { InnerLossKind } from '../blocks/losses.js';
import { wideDeepOptions } from '../blocks/wide-deep.js';
import { layerSizes, optimizerOptions, share } from '../contract/options.js';
import { POOLINGS } from '../contract/pooling.js';
import { activation } from '../layers/activations.js';

/** Sections of a recipe's `model` that both models have. */
export const twoBlockOptions = {
  embedding: z
    .strictObject({
      size: z.int().min(1).default(16).describe('columns of every embedding'),
      scale: z.number().positive().default(0.1).describe('deviation of the start values'),
      dropout: share.default(0.2).describe('share of encoded row features dropped in training'),
      unknownShare: share.default(0.01).describe('share of training rows whose item ID is hidden'),
    })
    .prefault({}),
  meta: z
    .strictObject({
      hidden: layerSizes.default([64]),
      activation: activation.default('relu'),
      size: z.int().min(1).default(32).describe('length of the meta embedding'),
      dropout: share.default(0).describe("share of the entity's encoded features dropped in training"),
      entityId: z.boolean().default(false).describe('the entity ID is a meta feature too'),
      rows: z
        .boolean()
        .default(false)
        .describe('item and event features of the support rows are meta features too'),
      pooling: z
        .enum(POOLINGS)
        .default('mean')
        .describe('how the vectors of support rows become one, with meta.rows'),
    })
    .prefault({}),
  global: z
    .strictObject({
      hidden: layerSizes.default([64]),
      activation: activation.default('relu'),
      kind: z
        .enum(['mlp', 'dcnv2', 'deepfm'])
        .default('mlp')
        .describe('beside the deep network: nothing, cross layers, or products of pairs of fields'),
      cross: z.int().min(1).max(16).default(2).describe('cross layers of dcnv2'),
      interaction: z.boolean().default(true).describe('adds meta embedding ⊙ projected features'),
    })
    .prefault({}),
  wide: z
    .strictObject({
      enabled: z
        .boolean()
        .default(false)
        .describe('adds a linear side: a weight for every item, and every value of a feature'),
      optimizer: optimizerOptions({ learningRate: 1e-3, weightDecay: 1e-4 }),
    })
    .prefault({}),
  heads: z
    .array(z.enum(['meta', 'ids']))
    .refine((heads) => heads.includes('meta') && new Set(heads).size === heads.length, {
      message: 'Heads are [meta] or [meta, ids]',
    })
    .default(['meta'])
    .describe('meta: the two blocks; ids: wide & deep with IDs beside them, trained with a loss of its own'),
  ids: z
    .strictObject({
      ...wideDeepOptions,
      share: z
        .union([z.literal('validation'), z.number().min(0).max(1)])
        .default(0.5)
        .describe(
          'weight of the ids head in what is scored; validation: the best of eleven on validation rows, once the epoch is chosen',
        ),
      optimizer: optimizerOptions({ learningRate: 1e-3, weightDecay: 1e-5 }),
    })
    .prefault({})
    .describe('options of the ids head'),
  episodes: z
    .strictObject({
      tasks: z.int().min(1).default(32).describe('entities in one meta-batch'),
      maxSupport: z.int().min(1).default(100).describe('most support rows of an entity, the latest ones'),
      maxQuery: z.int().min(1).default(50).describe('most query rows of an episode'),
      order: z
        .enum(['time', 'random'])
        .default('time')
        .describe('support strictly before query, or disjoint draws'),
      emptyShare: z
        .union([z.literal('as-served'), share])
        .default('as-served')
        .describe('share of episodes without support; as-served: that and short ones as on validation rows'),
    })
    .prefault({}),
  optimizer: optimizerOptions({ learningRate: 1e-3, weightDecay: 3e-5 }),
};

export const innerLossOptions = {
  steps: z.int().min(0).max(64).default(3).describe('inner gradient steps'),
  adapt: z
    .enum(['block', 'last-layer', 'vector'])
    .default('block')
    .describe('what they move: the meta block (MAML), its last layer (ANIL), the vector (CAVIA)'),
  loss: z
    .enum(['shrunk', 'mean', 'sum'])
    .default('shrunk')
    .describe('inner loss of n support rows: sum / (n + c), mean, or sum'),
  shrinkage: z.number().min(0).default(20).describe('c in sum / (n + c)'),
  rate: z.number().positive().default(1.5).describe('inner learning rate, or where it starts when learned'),
};

/** The inner loop as the network takes it, whichever model it is. */
export interface InnerOptions {
  readonly adapt: Adapted;
  readonly loss: InnerLossKind;
  readonly shrinkage: number;
  readonly learnedShrinkage: boolean;
  readonly firstOrder: boolean;
  readonly rate: number;
  readonly rates: 'fixed' | 'layer' | 'step-layer';
  readonly trainSteps: number;
  readonly adaptSteps: number;
  /** Share of the query loss that the steps before the last get. */
  readonly earlierSteps: number;
}

type Shared = z.output<z.ZodObject<typeof twoBlockOptions>>;

export interface TwoBlockOptions extends Shared {
  readonly inner: InnerOptions;
  /** Inner rates to choose from on validation rows, in place of learning them. */
  readonly rateGrid?: readonly number[];
}
