// `limaml train`: a recipe in, a run out.

import { recipeArgument } from '../spec/arguments.js';
import { defineCommand } from '../spec/command.js';
import {
  dataFlag,
  engineFlags,
  engineOverrides,
  modelFlag,
  onErrorFlag,
  preparedFlag,
  seedFlag,
  setFlag,
} from '../spec/flags.js';
import { typedAgain } from '../spec/typed-again.js';

export const trainCommand = defineCommand({
  name: 'train',
  summary: 'Train a model as a recipe says.',
  description:
    'Prepares the data first where needed. The run is written to runs/ beside the recipe, with its configuration and the origin of every value, provenance, metrics and checkpoint; DONE comes last. A recipe with seeds is a run of each: those that this very program finished are not trained again, interrupted ones are taken up, and the mean, the spread over seeds and an interval over members and seeds together come last. Where MLFLOW_TRACKING_URI names a server, it follows the run as it goes.',
  arguments: { recipe: recipeArgument },
  flags: {
    model: modelFlag,
    seed: seedFlag,
    set: setFlag,
    resume: { kind: 'switch', summary: 'continue the newest unfinished run of this very configuration' },
    plot: { kind: 'switch', summary: 'draw loss and validation metric as they come (on a terminal)' },
    data: dataFlag,
    prepared: preparedFlag,
    onError: onErrorFlag,
    ...engineFlags,
  },
  examples: [
    'train experiments/synthetic/experiment.yaml',
    'train synthetic --model widedeep --seed 2',
    'train synthetic --set training.epochs=3 --set model.inner.steps=0 --json',
    'train synthetic --plot',
    'train synthetic --set seeds=[1,2] --set training.epochs=1',
    'train synthetic --resume',
  ],
  action: async (values, io) => {
    const [{ loadExperiment }, { train }, { renderTrained }, { liveMlflow }] = await Promise.all([
      import('../../config/load-experiment.js'),
      import('../../workflows/train.js'),
      import('../render/train.js'),
      import('../../exchange/live-mlflow.js'),
    ]);
    const { recipe, model, seed, set, resume, data, prepared } = values;
    const experiment = await loadExperiment({
      recipe,
      cwd: io.cwd,
      model,
      seed,
      set,
      flags: engineOverrides(values),
    });
    const { env, cwd, progress, now, argv: command } = io;
    const { seeds } = experiment.loaded.recipe;
    if (seeds !== undefined) {
      const [{ trainSeeds }, { renderTrainedSeeds }] = await Promise.all([
        import('../../workflows/results/train-seeds.js'),
        import('../render/results.js'),
      ]);
      const trained = await trainSeeds(experiment, {
        seeds,
        places: { data, prepared, onError: values.onError, env, cwd },
        command,
        progress,
        now,
        follow: () => liveMlflow({ env, cwd, progress }),
      });
      const typed = typedAgain({ set, data, prepared, onError: values.onError });
      io.show(trained, (result, style) => renderTrainedSeeds(result, recipe, typed, style));
      return;
    }
    const watch = liveMlflow({ env, cwd, progress });
    const training = train(experiment, {
      places: { data, prepared, onError: values.onError, env, cwd },
      resume,
      command,
      progress,
      now,
      watch,
    });
    const result = await training.finally(() => watch?.end());
    io.show(result, renderTrained);
  },
});
