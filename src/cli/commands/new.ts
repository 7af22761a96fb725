// `limaml new`: a recipe by copy of another.
import { defineCommand } from '../spec/command.js';

export const newCommand = defineCommand({
  name: 'new',
  summary: 'Write a new recipe: a copy of another, or one that extends it.',
  description:
    'Writes experiments/<name>/experiment.yaml; nothing is overwritten. A copy keeps the comments. With --extend the recipe says what differs only, and the other holds for the rest.',
  arguments: { experiment: { summary: 'name of the new experiment' } },
  flags: {
    from: {
      kind: 'text',
      value: 'recipe',
      summary:
        'name of an experiment, or a file (default: synthetic; with --dataset a first recipe, as init writes it)',
      completes: 'recipe',
    },
    extend: { kind: 'switch', summary: 'write "extends:" in place of a copy' },
    dataset: { kind: 'text', value: 'name', summary: 'another data set', completes: 'dataset' },
  },
  examples: [
    'new steps --from movielens-100k',
    'new shorter --from synthetic --extend',
    'new first --dataset synthetic',
  ],
  action: async ({ experiment, from, extend, dataset }, io) => {
    const [{ newRecipe }, { recipeText }, { renderNewRecipe }] = await Promise.all([
      import('../../config/new-recipe.js'),
      import('../../onboard/sniff/recipe-text.js'),
      import('../render/new.js'),
    ]);
    const isFirst = from === undefined && !extend && dataset !== undefined;
    const source = isFirst ? { text: recipeText(experiment, dataset) } : (from ?? 'synthetic');
    io.show(
      await newRecipe(experiment, { from: source, extending: extend, dataset, cwd: io.cwd }),
      renderNewRecipe,
    );
  },
});
