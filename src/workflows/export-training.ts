// `limaml export --training`: the first outer steps of a run's training, for other engines.
import { chosenModel } from '../config/recipe-schema.js';
import { replayTimes } from '../evaluation/config/replay-config.js';
import { type ExportedTraining, exportTraining } from '../export/training/export-training.js';
import type { Progress } from '../progress.js';
import { readRunConfig } from '../runs/config.js';
import { loadModelFiles } from '../runs/model-files.js';
import type { RunPlace } from '../runs/places.js';
import { supportShares } from '../training/support-shares.js';
import { datasetOfRun } from './open-data.js';
import { buildModel } from './run-model.js';

export interface ExportedRunTraining extends ExportedTraining {
  readonly run: string;
  readonly model: string;
  readonly training: string;
}

/** Takes the training as the run began it: its recipe, data and seed. Throws what `exportTraining` throws. */
export async function exportRunTraining(request: {
  readonly run: RunPlace;
  /** Absolute. */
  readonly outDirectory: string;
  readonly steps: number;
  readonly progress: Progress;
}): Promise<ExportedRunTraining> {
  const { run, outDirectory, steps, progress } = request;
  const { recipe } = readRunConfig(run.path);
  const dataset = await datasetOfRun(run.path, readRunConfig(run.path));
  await loadModelFiles(run.path, recipe);
  const model = buildModel(chosenModel(recipe), recipe.features, dataset);
  const supports =
    model.learns.by === 'episodes'
      ? (await supportShares(dataset, model.learns, replayTimes(recipe.evaluation.replay), progress)).used
      : undefined;
  const { training, execution, seed } = recipe;
  const common = { model, dataset, training, execution, seed, supports };
  const exported = await exportTraining({ ...common, steps, outDirectory, progress });
  return { run: run.id, model: model.name, training: outDirectory, ...exported };
}
