// Plain fine-tuning: the same network trained without an inner loop, then adapted per entity by gradient steps.
import { z } from 'zod';
import { defineModel } from './contract/definition.js';
import { twoBlockModel } from './two-block/model.js';
import { innerLossOptions, twoBlockOptions } from './two-block/options.js';

export const finetune = defineModel({
  name: 'finetune',
  summary:
    'The network of limaml trained without an inner loop, then fine-tuned per entity: what meta-learning adds to that.',
  learns: 'episodes',
  config: z.strictObject({
    ...twoBlockOptions,
    inner: z
      .strictObject({
        ...innerLossOptions,
        steps: innerLossOptions.steps.default(5),
        rate: innerLossOptions.rate.default(0.5),
        rates: z
          .array(z.number().min(0))
          .min(1)
          .default([0.1, 0.5, 1.5, 5])
          .describe('inner rates tried on the validation rows; the best one is kept'),
      })
      .prefault({}),
  }),
  build: (config, inputs) =>
    twoBlockModel(
      'finetune',
      {
        ...config,
        inner: {
          ...config.inner,
          rates: 'fixed',
          learnedShrinkage: false,
          firstOrder: true,
          trainSteps: 0,
          earlierSteps: 0,
          adaptSteps: config.inner.steps,
        },
        rateGrid: config.inner.rates,
      },
      inputs,
    ),
});
