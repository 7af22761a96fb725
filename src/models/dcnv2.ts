// Deep & cross network, version 2 (Wang et al. 2021, arXiv 2008.13535): products of features of bounded degree, learned.

import { z } from 'zod';
import type { Node } from '../graph/ir/node.js';
import { concat } from '../graph/ops/joining.js';
import { defineModel, type Parameters } from './contract/definition.js';
import { layoutGroup } from './contract/fields.js';
import { embeddingOptions, hiddenLayerOptions, layerSizes, optimizerOptions } from './contract/options.js';
import type { TrainingPass } from './contract/training-pass.js';
import { cross, crossParameters } from './layers/cross.js';
import { dense, denseParameters } from './layers/dense.js';
import { mlp, mlpDropouts, mlpParameters } from './layers/mlp.js';

export const dcnv2 = defineModel({
  name: 'dcnv2',
  summary:
    'Deep & cross network v2 with entity and item IDs: learned products of features beside (or below) a deep network.',
  learns: 'rows',
  config: z.strictObject({
    embedding: embeddingOptions(0.3),
    entityId: z.boolean().default(true).describe('the entity ID is a feature too'),
    cross: z
      .int()
      .min(0)
      .max(16)
      .default(2)
      .describe('cross layers: products of up to one more feature each'),
    structure: z
      .enum(['parallel', 'stacked'])
      .default('parallel')
      .describe('the deep network beside the cross layers, or on top of them'),
    hidden: layerSizes.default([64, 32]),
    ...hiddenLayerOptions,
    batchRows: z.int().min(1).default(1024).describe('rows in one batch'),
    optimizer: optimizerOptions({ learningRate: 1e-3, weightDecay: 1e-5 }),
  }),
  build: (config, inputs) => {
    const { embedding, cross: layers, hidden, structure } = config;
    const ids = config.entityId ? [inputs.entityId, inputs.itemId] : [inputs.itemId];
    const { group, tables } = layoutGroup(
      'cross',
      [...ids, ...inputs.entity, ...inputs.item, ...inputs.event],
      {
        dim: embedding.size,
        ...embedding,
        optimizer: 'default',
      },
    );
    const { width } = group;
    const deepWidths = [width, ...hidden];
    const deepOut = deepWidths.at(-1)!;
    const between = { dropout: config.hiddenDropout, batchNorm: config.batchNorm, throughout: true };
    const out = { weight: 'out.w', bias: 'out.b' };

    const deepened = (p: Parameters, x: Node, pass: TrainingPass | undefined): Node =>
      mlp(p, 'deep', hidden.length, x, between, pass);

    return {
      name: 'dcnv2',
      taskGroups: [],
      rowGroups: [group],
      tables,
      parameters: [
        ...crossParameters('cross', layers, width),
        ...mlpParameters('deep', deepWidths, between),
        ...denseParameters(out, structure === 'parallel' ? width + deepOut : deepOut, 1, 1),
      ],
      optimizers: { default: config.optimizer },
      learns: { by: 'rows', batchRows: config.batchRows },
      adapts: [],
      hiddenDropouts: mlpDropouts('deep', deepWidths, between),
      unknownShare: embedding.unknownShare,
      logits: (p, rows, _vectors, pass) => {
        const x = rows['cross']!;
        const products = cross(p, 'cross', layers, x);
        const last =
          structure === 'parallel' ? concat([products, deepened(p, x, pass)]) : deepened(p, products, pass);
        return dense(p, out, last);
      },
    };
  },
});
