// A model of one's own beside the recipe of the small project: its file, and a recipe that names it.

export const FILE = 'experiments/tiny/my-model.js';

export const source = (more = ''): string => `// A logistic regression on everything but IDs.
import { sum } from 'limaml/graph';
import { defineModel, layoutGroup, optimizerOptions, z } from 'limaml/models';

export default defineModel({
  name: 'straight',
  summary: 'A logistic regression.',
  learns: 'rows',
  config: z.strictObject({
    batchRows: z.int().min(1).default(64),
    optimizer: optimizerOptions({ learningRate: 0.05 }),
  }),
  build: (config, inputs) => {
    const fields = [...inputs.entity, ...inputs.item, ...inputs.event];
    const { group, tables } = layoutGroup('straight', fields, { dim: 1, scale: 0.01, optimizer: 'default' });
    return {
      name: 'straight',
      taskGroups: [],
      rowGroups: [group],
      tables,
      parameters: [],
      optimizers: { default: config.optimizer },
      learns: { by: 'rows', batchRows: config.batchRows },
      adapts: [],
      unknownShare: 0,
      logits: (parameters, rows) => sum(rows.straight, [rows.straight.shape.length - 1], true),${more}
    };
  },
});
`;

export const recipe = (model: string): string => `name: tiny
dataset: datasets/tiny.yaml
model: ${model}
baselines: { deep: { hidden: [8], embedding: { size: 4 } } }
training: { epochs: 2 }
execution: { workers: 1 }
evaluation: { bootstrap: { replicates: 200 } }
`;
