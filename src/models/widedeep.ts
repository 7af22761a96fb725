// Wide & deep with IDs on both sides (Cheng et al. 2016, arXiv 1606.07792): the baseline that personalises by entity ID.

import { z } from 'zod';
import { add, sum } from '../graph/ops/algebra.js';
import { defineModel } from './contract/definition.js';
import { crossField, type Field, layoutGroup } from './contract/fields.js';
import { hiddenLayerOptions, layerSizes, optimizerOptions, share } from './contract/options.js';
import { mlp, mlpDropouts, mlpParameters } from './layers/mlp.js';

export const widedeep = defineModel({
  name: 'widedeep',
  summary: 'Wide & deep with entity and item IDs on both sides and crosses of the entity with item features.',
  learns: 'rows',
  config: z.strictObject({
    embedding: z
      .strictObject({
        size: z.int().min(1).default(16).describe('columns of every embedding of the deep side'),
        scale: z.number().positive().default(0.1).describe('deviation of the start values'),
        dropout: share.default(0.3).describe('share of encoded deep features dropped in training'),
        unknownShare: share.default(0.01).describe('share of training rows whose IDs are hidden'),
      })
      .prefault({}),
    hidden: layerSizes.default([64, 32]),
    ...hiddenLayerOptions,
    wide: z
      .strictObject({
        entityCrosses: z
          .boolean()
          .default(true)
          .describe('crosses of the entity ID with every index feature of the item'),
        buckets: z.int().min(1).default(1_000_000).describe('most indexes of one cross'),
        optimizer: optimizerOptions({ learningRate: 1e-3, weightDecay: 1e-4 }),
      })
      .prefault({}),
    batchRows: z.int().min(1).default(1024).describe('rows in one batch'),
    optimizer: optimizerOptions({ learningRate: 1e-3, weightDecay: 1e-5 }),
  }),
  build: (config, inputs) => {
    const fields = [inputs.entityId, inputs.itemId, ...inputs.entity, ...inputs.item, ...inputs.event];
    const indexed = (field: Field): boolean => field.kind !== 'numeric';
    const crosses = config.wide.entityCrosses
      ? inputs.item.filter(indexed).map((field) => crossField(inputs.entityId, field, config.wide.buckets))
      : [];
    const deepSide = layoutGroup('deep', fields, {
      dim: config.embedding.size,
      ...config.embedding,
      optimizer: 'default',
    });
    const wideSide = layoutGroup('wide', [...fields.filter(indexed), ...crosses], {
      dim: 1,
      scale: 0,
      optimizer: 'wide',
    });
    const widths = [deepSide.group.width, ...config.hidden, 1];
    const between = { dropout: config.hiddenDropout, batchNorm: config.batchNorm };
    return {
      name: 'widedeep',
      taskGroups: [],
      rowGroups: [deepSide.group, wideSide.group],
      tables: [...deepSide.tables, ...wideSide.tables],
      parameters: mlpParameters('deep', widths, between),
      optimizers: { default: config.optimizer, wide: config.wide.optimizer },
      learns: { by: 'rows', batchRows: config.batchRows },
      adapts: [],
      hiddenDropouts: mlpDropouts('deep', widths, between),
      unknownShare: config.embedding.unknownShare,
      logits: (parameters, rows, _vectors, pass) => {
        const wide = rows['wide']!;
        return add(
          mlp(parameters, 'deep', widths.length - 1, rows['deep']!, between, pass),
          sum(wide, [wide.shape.length - 1], true),
        );
      },
    };
  },
});
