// `limaml models`: the registry, and the options of each model.
import { defineCommand } from '../spec/command.js';

export const modelsCommand = defineCommand({
  name: 'models',
  summary: 'List the models, or the options of one.',
  description:
    'An option of the trained model is set in the recipe under "model", one of a baseline under "baselines".',
  arguments: { model: { summary: 'a model, to list its options', optional: true, completes: 'model' } },
  flags: {},
  examples: ['models', 'models limaml', 'models widedeep --json'],
  action: async ({ model }, io) => {
    const [{ MODELS, findModel }, { optionLines }, { renderModel, renderModels }] = await Promise.all([
      import('../../models/registry.js'),
      import('../../config/schema-options.js'),
      import('../render/models.js'),
    ]);
    const described = (model === undefined ? MODELS : [findModel(model)]).map(
      ({ name, summary, config }) => ({
        name,
        summary,
        options: optionLines(config),
      }),
    );
    if (model === undefined) io.show({ models: described }, renderModels);
    else io.show(described[0]!, renderModel);
  },
});
