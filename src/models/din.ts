// Deep interest network (Zhou et al. 2018, arXiv 1706.06978): what the entity's support rows say of the row at hand, found by attention
// and not by gradients. It sees what LiMAML adapts on, labels included.

import { z } from 'zod';
import { concat } from '../graph/ops/joining.js';
import { globalBlock, globalBlockParameters } from './blocks/global-block.js';
import {
  type TargetAttentionShape,
  targetAttention,
  targetAttentionParameters,
} from './blocks/target-attention.js';
import { defineModel } from './contract/definition.js';
import { layoutGroup } from './contract/fields.js';
import { layerSizes, optimizerOptions } from './contract/options.js';
import { activation } from './layers/activations.js';
import { twoBlockOptions } from './two-block/options.js';
import { readingSupport } from './two-block/reading-support.js';

const NAME = 'attention';

export const din = defineModel({
  name: 'din',
  summary:
    'Attention of the row at hand over the support rows, labels included: what the same history gives without gradient steps.',
  learns: 'episodes',
  config: z.strictObject({
    embedding: twoBlockOptions.embedding,
    entityId: z.boolean().default(false).describe('the entity ID is a feature too'),
    attention: z
      .strictObject({
        size: z
          .int()
          .min(1)
          .default(32)
          .describe('columns that rows are projected to before they are compared'),
        hidden: z.int().min(1).default(16).describe('hidden units of the activation unit'),
        values: z.int().min(1).default(32).describe('columns of what attention gives'),
        activation: activation.default('relu'),
        shrinkage: z
          .number()
          .positive()
          .default(20)
          .describe('c: weighed support rows are summed and divided by (n + c)'),
      })
      .prefault({}),
    global: z
      .strictObject({
        hidden: layerSizes.default([64]),
        activation: activation.default('relu'),
        interaction: z
          .boolean()
          .default(true)
          .describe('adds what attention gives ⊙ projected features to the network above'),
      })
      .prefault({}),
    episodes: twoBlockOptions.episodes,
    optimizer: optimizerOptions({ learningRate: 2e-3, weightDecay: 3e-5 }),
  }),
  build: (config, inputs) => {
    const { size, scale, dropout } = config.embedding;
    const table = { dim: size, scale, optimizer: 'default' };
    const item = layoutGroup('item', [inputs.itemId, ...inputs.item, ...inputs.event], { ...table, dropout });
    const entityFields = [...(config.entityId ? [inputs.entityId] : []), ...inputs.entity];
    const entity = layoutGroup('entity', entityFields, { ...table, dropout });
    const hasEntity = entityFields.length > 0;
    const attention: TargetAttentionShape = { name: NAME, features: item.group.width, ...config.attention };
    const shape = {
      vector: attention.values,
      features: item.group.width + (hasEntity ? entity.group.width : 0),
      ...config.global,
    };
    return {
      name: 'din',
      ...readingSupport(config),
      rowGroups: hasEntity ? [item.group, entity.group] : [item.group],
      tables: [...item.tables, ...entity.tables],
      parameters: [...targetAttentionParameters(attention), ...globalBlockParameters(shape)],
      logits: (parameters, rows, _vectors, _pass, support) => {
        const { rows: past, label, mask } = support!;
        const found = targetAttention(parameters, attention, rows['item']!, past['item']!, { label, mask });
        const features = hasEntity ? concat([rows['item']!, rows['entity']!]) : rows['item']!;
        return globalBlock(parameters, shape, found, features);
      },
    };
  },
});
