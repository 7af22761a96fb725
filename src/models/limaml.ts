// LiMAML: a meta block adapted by MAML on each entity's support rows; its output, the meta embedding, is one input of
// a global block shared by all (LinkedIn, KDD 2024, arXiv 2403.00803).
import { z } from 'zod';
import { defineModel } from './contract/definition.js';
import { share } from './contract/options.js';
import { twoBlockModel } from './two-block/model.js';
import { innerLossOptions, twoBlockOptions } from './two-block/options.js';

export const limaml = defineModel({
  name: 'limaml',
  summary:
    'Meta block adapted per entity by MAML; its output, the meta embedding, feeds a shared global block.',
  learns: 'episodes',
  config: z.strictObject({
    ...twoBlockOptions,
    inner: z
      .strictObject({
        ...innerLossOptions,
        learnedShrinkage: z.boolean().default(false).describe('c of the shrunk inner loss is learned'),
        order: z.enum(['second', 'first']).default('second').describe('order of the meta-gradient'),
        earlierSteps: share
          .default(0)
          .describe('share of the query loss that vectors after fewer steps get, in equal parts (MAML++)'),
        rates: z
          .enum(['layer', 'step-layer', 'fixed'])
          .default('layer')
          .describe('inner rates learned per layer, per step and layer, or fixed'),
      })
      .prefault({}),
  }),
  build: (config, inputs) =>
    twoBlockModel(
      'limaml',
      {
        ...config,
        inner: {
          ...config.inner,
          firstOrder: config.inner.order === 'first',
          trainSteps: config.inner.steps,
          adaptSteps: config.inner.steps,
        },
      },
      inputs,
    ),
});
