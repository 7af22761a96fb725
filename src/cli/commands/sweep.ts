// `limaml sweep`: which values of a recipe's keys are best, on validation rows, each model with the same budget.
import { recipeArgument } from '../spec/arguments.js';
import { defineCommand } from '../spec/command.js';
import { dataFlag, onErrorFlag, preparedFlag, setFlag } from '../spec/flags.js';
import { typedAgain } from '../spec/typed-again.js';

export const sweepCommand = defineCommand({
  name: 'sweep',
  summary: "Try values of a recipe's keys and rank them on validation rows.",
  description:
    'Takes the section "sweep" of the recipe: keys with lists or ranges of values. Every model gets the same number of trials and epochs; the first trial is the recipe as it stands. Test rows are never looked at, nothing is refitted. Trials are runs in sweeps/ beside the recipe; the same command goes on where it was stopped.',
  arguments: { recipe: recipeArgument },
  flags: {
    model: { kind: 'list', value: 'name', summary: "sweep this one of the recipe's models" },
    trials: { kind: 'integer', value: 'n', minimum: 1, summary: 'trials of each model' },
    method: {
      kind: 'choice',
      value: 'name',
      choices: ['random', 'grid', 'halving'],
      summary: 'how trials are chosen',
    },
    jobs: { kind: 'integer', value: 'n', minimum: 1, summary: 'trainings at a time (1)' },
    write: { kind: 'switch', summary: 'write tuned.yaml beside the recipe: the recipe with what won' },
    set: setFlag,
    data: dataFlag,
    prepared: preparedFlag,
    onError: onErrorFlag,
  },
  examples: [
    'sweep synthetic --trials 2 --set training.epochs=1',
    'sweep synthetic --method halving --jobs 2 --set execution.workers=1',
    'sweep synthetic --model widedeep --write --json',
  ],
  action: async (values, io) => {
    const [{ sweep }, { writeTuned }, { writeSweepPage }, { renderSweep }] = await Promise.all([
      import('../../workflows/sweep/sweep.js'),
      import('../../workflows/sweep/write-tuned.js'),
      import('../../report/sweep/write-sweep-page.js'),
      import('../render/sweep.js'),
    ]);
    const { data, prepared, onError, model, trials, method, jobs = 1, set, recipe } = values;
    const { env, cwd, progress, now, argv: command } = io;
    const board = await sweep(recipe, {
      models: model,
      trials,
      method,
      jobs,
      set,
      places: { data, prepared, onError, env, cwd },
      command,
      progress,
      now,
    });
    const page = await writeSweepPage(board);
    const tuned = values.write ? await writeTuned(recipe, board, cwd, progress) : null;
    const typed = typedAgain({ set, data, prepared, onError });
    io.show({ ...board, page, tuned }, (result, style) => renderSweep(result, recipe, typed, style));
  },
});
