// Two wide & deep models in one, whose logits are averaged: what a second head must beat to be more than one more model.
import { add, mul } from '../graph/ops/algebra.js';
import { constant } from '../graph/ops/leaves.js';
import { type WideDeepBlock, wideDeepBlock } from './blocks/wide-deep.js';
import { defineModel, type EncodedGroups, type Objective, type Parameters } from './contract/definition.js';
import type { TrainingPass } from './contract/training-pass.js';
import { widedeep } from './widedeep.js';

export const widedeepX2 = defineModel({
  name: 'widedeep-x2',
  summary: 'Two of widedeep with numbers and losses of their own, the mean of their logits scored.',
  learns: 'rows',
  config: widedeep.config,
  build: (config, inputs) => {
    const optimizers = { deep: 'default', wide: 'wide' };
    const one = wideDeepBlock(config, inputs, optimizers, 'one.');
    const other = wideDeepBlock(config, inputs, optimizers, 'other.');
    const objective =
      (parameters: Parameters, rows: EncodedGroups, pass: TrainingPass) =>
      (block: WideDeepBlock): Objective => ({ logits: block.logits(parameters, rows, pass), weight: 1 });
    return {
      name: 'widedeep-x2',
      taskGroups: [],
      rowGroups: [...one.rowGroups, ...other.rowGroups],
      tables: [...one.tables, ...other.tables],
      parameters: [...one.parameters, ...other.parameters],
      optimizers: { default: config.optimizer, wide: config.wide.optimizer },
      learns: { by: 'rows', batchRows: config.batchRows },
      adapts: [],
      hiddenDropouts: [...one.hiddenDropouts, ...other.hiddenDropouts],
      unknownShare: config.embedding.unknownShare,
      logits: (parameters, rows, _vectors, pass) =>
        mul(constant(0.5), add(one.logits(parameters, rows, pass), other.logits(parameters, rows, pass))),
      objectives: (parameters, rows, _paths, pass) => {
        const of = objective(parameters, rows, pass);
        return [of(one), of(other)];
      },
    };
  },
});
