// The global block alone: the floor that personalisation must beat.
import { z } from 'zod';
import { defineModel } from './contract/definition.js';
import { layoutGroup } from './contract/fields.js';
import { embeddingOptions, hiddenLayerOptions, layerSizes, optimizerOptions } from './contract/options.js';
import { mlp, mlpDropouts, mlpParameters } from './layers/mlp.js';

export const deep = defineModel({
  name: 'deep',
  summary: 'One network for all, no entity ID and nothing learned per entity: the floor.',
  learns: 'rows',
  config: z.strictObject({
    embedding: embeddingOptions(0),
    hidden: layerSizes.default([64, 32]),
    ...hiddenLayerOptions,
    batchRows: z.int().min(1).default(1024).describe('rows in one batch'),
    optimizer: optimizerOptions({ learningRate: 1e-3, weightDecay: 1e-5 }),
  }),
  build: (config, inputs) => {
    const { group, tables } = layoutGroup(
      'deep',
      [inputs.itemId, ...inputs.entity, ...inputs.item, ...inputs.event],
      { dim: config.embedding.size, ...config.embedding, optimizer: 'default' },
    );
    const widths = [group.width, ...config.hidden, 1];
    const between = { dropout: config.hiddenDropout, batchNorm: config.batchNorm };
    return {
      name: 'deep',
      taskGroups: [],
      rowGroups: [group],
      tables,
      parameters: mlpParameters('deep', widths, between),
      optimizers: { default: config.optimizer },
      learns: { by: 'rows', batchRows: config.batchRows },
      adapts: [],
      hiddenDropouts: mlpDropouts('deep', widths, between),
      unknownShare: config.embedding.unknownShare,
      logits: (parameters, rows, _vectors, pass) =>
        mlp(parameters, 'deep', widths.length - 1, rows['deep']!, between, pass),
    };
  },
});
