// `limaml validate`: checks a recipe and its descriptor without loading data.

import { recipeArgument } from '../spec/arguments.js';
import { defineCommand } from '../spec/command.js';
import { modelFlag, seedFlag, setFlag } from '../spec/flags.js';
import { typedAgain } from '../spec/typed-again.js';

export const validateCommand = defineCommand({
  name: 'validate',
  summary: 'Check a recipe, and show every value with its origin.',
  description:
    'Runs the same checks as train and stops before reading data. All faults are reported together.',
  arguments: { recipe: recipeArgument },
  flags: { model: modelFlag, seed: seedFlag, set: setFlag },
  examples: [
    'validate experiments/synthetic/experiment.yaml',
    'validate synthetic --model widedeep',
    'validate synthetic --set model.inner.steps=0 --json',
  ],
  action: async ({ recipe, model, seed, set }, io) => {
    const [{ loadExperiment }, { renderRecipe }] = await Promise.all([
      import('../../config/load-experiment.js'),
      import('../render/recipe.js'),
    ]);
    const { loaded, data } = await loadExperiment({ recipe, cwd: io.cwd, model, seed, set });
    io.show(
      {
        file: loaded.shownAs,
        recipe: loaded.recipe,
        origins: loaded.origins,
        notes: loaded.notes,
        dataset:
          data.kind === 'raw'
            ? { name: data.descriptor.name, split: data.descriptor.split }
            : { name: data.manifest.dataset, prepared: data.path },
      },
      (result, style) => renderRecipe(result, typedAgain({ model, seed, set }), style),
    );
  },
});
