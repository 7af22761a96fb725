// `limaml report --importance`: what each feature is worth to a finished run, measured on test rows and kept in its folder.
import { UserError } from '../errors.js';
import type { Importance } from '../evaluation/importance/importance-result.js';
import { measureImportance } from '../evaluation/importance/measure-importance.js';
import type { Progress } from '../progress.js';
import { readRunConfig } from '../runs/config.js';
import { verifyRun } from '../runs/folder.js';
import { writeImportance } from '../runs/importance.js';
import type { RunPlace } from '../runs/places.js';
import { runState } from '../runs/state.js';
import { datasetOfRun } from './open-data.js';
import { loadRunModel } from './run-model.js';

/** Five shufflings tell features apart that are worth more than their luck. */
const REPEATS = 5;

/** Throws IMPORTANCE_UNFINISHED, what `verifyRun` throws, and what opening its data does. */
export async function importanceOfRun(run: RunPlace, progress: Progress): Promise<Importance> {
  const state = runState(run.path);
  if (state !== 'finished')
    throw new UserError({
      code: 'IMPORTANCE_UNFINISHED',
      where: run.id,
      what: `The run is ${state}: it has no model yet.`,
      next: 'Finish it: limaml train … --resume',
    });
  await verifyRun(run.path);
  const config = readRunConfig(run.path);
  const { training, execution, evaluation, seed } = config.recipe;
  const dataset = await datasetOfRun(run.path, config);
  const importance = await measureImportance({
    ...(await loadRunModel(run.path, config, dataset)),
    dataset,
    training,
    execution,
    level: evaluation.level,
    repeats: REPEATS,
    seed,
    progress,
  });
  await writeImportance(run.path, importance);
  return importance;
}
