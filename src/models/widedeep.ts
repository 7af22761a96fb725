// Wide & deep with IDs on both sides (Cheng et al. 2016, arXiv 1606.07792): the baseline that personalises by entity ID.

import { z } from 'zod';
import { wideDeepBlock, wideDeepOptions } from './blocks/wide-deep.js';
import { defineModel } from './contract/definition.js';
import { optimizerOptions, share } from './contract/options.js';

export const widedeep = defineModel({
  name: 'widedeep',
  summary: 'Wide & deep with entity and item IDs on both sides and crosses of the entity with item features.',
  learns: 'rows',
  config: z.strictObject({
    ...wideDeepOptions,
    embedding: wideDeepOptions.embedding
      .unwrap()
      .extend({
        unknownShare: share.default(0.01).describe('share of training rows whose IDs are hidden'),
      })
      .prefault({}),
    batchRows: z.int().min(1).default(1024).describe('rows in one batch'),
    optimizer: optimizerOptions({ learningRate: 1e-3, weightDecay: 1e-5 }),
  }),
  build: (config, inputs) => {
    const { logits, ...block } = wideDeepBlock(config, inputs, { deep: 'default', wide: 'wide' });
    return {
      name: 'widedeep',
      taskGroups: [],
      ...block,
      optimizers: { default: config.optimizer, wide: config.wide.optimizer },
      learns: { by: 'rows', batchRows: config.batchRows },
      adapts: [],
      unknownShare: config.embedding.unknownShare,
      logits: (parameters, rows, _vectors, pass) => logits(parameters, rows, pass),
    };
  },
});
