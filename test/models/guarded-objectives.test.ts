// What training minimises and goes through, in a model of one's own: its faults are told as those of its file.
import { expect, it } from 'vitest';
import { trainingProgram } from '../../src/engine/programs/programs.js';
import { concat } from '../../src/graph/ops/joining.js';
import type { Model, ModelDefinition, Objective } from '../../src/models/contract/definition.js';
import { modelInputs } from '../../src/models/contract/model-inputs.js';
import { limaml } from '../../src/models/limaml.js';
import { guarded } from '../../src/models/own/guard.js';
import { smallOptions } from '../../src/testing/subject/small-options.js';
import { plantedDataset } from '../support/planted-dataset.js';

const OPTIONS = {
  ...smallOptions(limaml),
  heads: ['meta', 'ids'],
  inner: { earlierSteps: 0.3 },
};

/** The training program of limaml with two heads, changed by its author. */
function program(change: (model: Model) => Partial<Model>) {
  const definition: ModelDefinition = {
    ...limaml,
    build: (config, inputs) => {
      const model = limaml.build(limaml.config.parse(config), inputs);
      return { ...model, ...change(model) } as Model;
    },
  };
  const inputs = modelInputs(plantedDataset().manifest, {});
  return trainingProgram(guarded(definition, 'mine.js').build(limaml.config.parse(OPTIONS), inputs));
}

const wide = ([first, ...more]: readonly [Objective, ...Objective[]]): [Objective, ...Objective[]] => [
  { ...first, logits: concat([first.logits, first.logits]) },
  ...more,
];

it('takes what is right as it is', () => {
  expect(Object.keys(program(() => ({})).outputs)).toContain('loss');
});

it.each<[string, (model: Model) => Partial<Model>, string]>([
  [
    'objectives of two columns',
    (model) => ({ objectives: (...given) => wide(model.objectives!(...given)) }),
    'The last axis of its objectives is 2; 1 is wanted.',
  ],
  [
    'objectives of single rows that stop',
    (model) => ({
      byRows: {
        ...model.byRows!,
        objectives: () => {
          throw new Error('no luck');
        },
      },
    }),
    'Its objectives stopped: no luck.',
  ],
  [
    'a path of another width',
    (model) => ({
      adapts: model.adapts.map((part) => ({
        ...part,
        path: (...given) => {
          const [first, ...more] = part.path!(...given);
          return [concat([first, first]), ...more];
        },
      })),
    }),
    'The last axis of its vector "vector" is 8; 4 is wanted.',
  ],
])('%s', (_, change, what) => {
  expect(() => program(change)).toThrow(expect.objectContaining({ code: 'MODEL_FILE_FAULT', what }));
});
