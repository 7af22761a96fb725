// Meta-Embedding (Pan et al. 2019, arXiv 1904.11547), for entities: a network generates what stands in the place of the entity's ID
// embedding from its features, and one gradient step on the support warms it up. Trained through that step.
import { z } from 'zod';
import { defineModel } from './contract/definition.js';
import { twoBlockModel } from './two-block/model.js';
import { innerLossOptions, twoBlockOptions } from './two-block/options.js';

export const metaEmbedding = defineModel({
  name: 'meta-embedding',
  summary:
    'The embedding of an entity generated from its features, then one gradient step on it: no network moves.',
  learns: 'episodes',
  config: z.strictObject({
    ...twoBlockOptions,
    inner: z
      .strictObject({
        loss: innerLossOptions.loss.default('mean'),
        shrinkage: innerLossOptions.shrinkage,
        rate: innerLossOptions.rate,
        rates: z
          .enum(['layer', 'fixed'])
          .default('layer')
          .describe('the inner rate is learned, or fixed as in the paper'),
      })
      .prefault({}),
  }),
  build: (config, inputs) =>
    twoBlockModel(
      'meta-embedding',
      {
        ...config,
        inner: {
          ...config.inner,
          adapt: 'vector',
          learnedShrinkage: false,
          earlierSteps: 0,
          firstOrder: false,
          trainSteps: 1,
          adaptSteps: 1,
        },
      },
      inputs,
    ),
});
