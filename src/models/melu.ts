// MeLU (Lee et al. 2019, arXiv 1908.00413): MAML on the decision layers of a network of member and item content; its embeddings are
// learned by the outer loop alone. Every entity has a network of its own, where LiMAML keeps a vector.

import { z } from 'zod';
import { constant } from '../graph/ops/leaves.js';
import { adaptBlock } from './blocks/inner-loop.js';
import { supportWeights, weightedLoss } from './blocks/losses.js';
import { defineModel } from './contract/definition.js';
import { layoutGroup } from './contract/fields.js';
import { layerSizes } from './contract/options.js';
import { activation } from './layers/activations.js';
import { mlpParameters } from './layers/mlp.js';
import { rateName, rateParameters } from './two-block/inner-parameters.js';
import { innerLossOptions, twoBlockOptions } from './two-block/options.js';
import { readingSupport } from './two-block/reading-support.js';

const NAME = 'decision';

export const melu = defineModel({
  name: 'melu',
  summary: 'MAML on the decision layers of a network of member and item content: one network an entity.',
  learns: 'episodes',
  config: z.strictObject({
    embedding: twoBlockOptions.embedding,
    itemId: z.boolean().default(false).describe('the item ID is a feature too; the paper has content alone'),
    hidden: layerSizes.default([64, 64]),
    activation: activation.default('relu'),
    inner: z
      .strictObject({
        steps: innerLossOptions.steps.default(1),
        loss: innerLossOptions.loss.default('mean'),
        shrinkage: innerLossOptions.shrinkage,
        rate: innerLossOptions.rate.default(0.1),
        rates: z
          .enum(['layer', 'step-layer', 'fixed'])
          .default('fixed')
          .describe('inner rates learned per layer, per step and layer, or fixed as in the paper'),
        order: z.enum(['second', 'first']).default('second').describe('order of the meta-gradient'),
      })
      .prefault({}),
    episodes: twoBlockOptions.episodes,
    optimizer: twoBlockOptions.optimizer,
  }),
  build: (config, inputs) => {
    const { inner } = config;
    const { size, scale, dropout } = config.embedding;
    const fields = [
      ...(config.itemId ? [inputs.itemId] : []),
      ...inputs.entity,
      ...inputs.item,
      ...inputs.event,
    ];
    const content = layoutGroup('content', fields, { dim: size, scale, optimizer: 'default', dropout });
    const widths = [content.group.width, ...config.hidden, 1];
    const block = { name: NAME, layers: widths.length - 1, activation: config.activation };
    const rates = { ...inner, adapt: 'block', trainSteps: inner.steps, adaptSteps: inner.steps } as const;
    return {
      name: 'melu',
      ...readingSupport(config),
      rowGroups: [content.group],
      tables: content.tables,
      parameters: [...mlpParameters(NAME, widths), ...rateParameters(rates, block.layers)],
      logits: (parameters, rows, _vectors, _pass, support) => {
        const { rows: past, label, mask } = support!;
        const weight = supportWeights(inner.loss, mask, constant(inner.shrinkage));
        const decide = adaptBlock(parameters, block, past['content']!, {
          steps: inner.steps,
          adapt: 'block',
          firstOrder: inner.order === 'first',
          rate: (step, layer, part) => parameters[rateName(inner.rates, step, layer, part)]!,
          loss: (logits) => weightedLoss(logits, label, weight),
        });
        return decide(rows['content']!);
      },
    };
  },
});
