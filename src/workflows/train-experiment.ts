// A loaded recipe, its data prepared and opened, trained into a run folder.
import { runsFolder } from '../config/find-files.js';
import type { LoadedExperiment } from '../config/load-experiment.js';
import { hashFile } from '../hash.js';
import type { Progress } from '../progress.js';
import { modelTrainer } from './model-trainer.js';
import { type DataPlaces, preparedFor } from './open-data.js';
import { type TrainRunResult, trainRun } from './train-run.js';

export interface TrainExperimentOptions {
  readonly places: DataPlaces;
  readonly resume: boolean;
  readonly command: readonly string[];
  readonly progress: Progress;
  readonly now: () => Date;
}

export async function trainExperiment(
  { loaded, data }: LoadedExperiment,
  { places, resume, command, progress, now }: TrainExperimentOptions,
): Promise<TrainRunResult> {
  const { recipe, origins, notes, path, shownAs } = loaded;
  for (const text of notes) progress({ kind: 'note', text });
  const dataset = await preparedFor(data, places, progress);
  return trainRun({
    recipe,
    origins,
    recipeFile: { file: shownAs, sha256: await hashFile(path) },
    runsFolder: runsFolder(path, recipe.name, places.cwd),
    dataset,
    resume,
    command,
    trainer: modelTrainer(recipe.evaluation.groupAuc),
    progress,
    now,
  });
}
