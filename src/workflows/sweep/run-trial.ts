// One trial of a sweep: a training of its own, taken up where it was left, or not made again.
import type { LoadedExperiment } from '../../config/load-experiment.js';
import { seededRecipe } from '../../config/seeded-recipe.js';
import { UserError } from '../../errors.js';
import { hashFile } from '../../hash.js';
import type { PreparedDataset } from '../../prepared/dataset.js';
import type { Progress } from '../../progress.js';
import { readDone } from '../../runs/done.js';
import { readMetrics } from '../../runs/metrics-log.js';
import type { RunPlace } from '../../runs/places.js';
import { trainedRun } from '../trained-run.js';
import type { Trainer } from '../trainer.js';
import type { Assignment } from './assignments.js';
import type { TrialResult } from './leaderboard.js';

interface Trial {
  readonly model: string;
  readonly trial: number;
  readonly rung: number;
  readonly epochs: number;
  readonly assignment: Assignment;
  readonly experiment: LoadedExperiment;
}

interface TrialRequest {
  readonly dataset: PreparedDataset;
  readonly runsFolder: string;
  readonly command: readonly string[];
  readonly trainer: Trainer;
  readonly progress: Progress;
  readonly now: () => Date;
}

/** Trains it, or reads it back. A training whose loss is not finite is a result; everything else is thrown. */
export async function runTrial(trial: Trial, request: TrialRequest): Promise<TrialResult> {
  const { experiment: _, ...named } = trial;
  try {
    const place = await trained(trial, request);
    const { epochs, seconds, best } = readDone(place.path);
    const { metric } = trial.experiment.loaded.recipe.training;
    const chosen = readMetrics(place.path).find(
      ({ phase, epoch }) => phase === 'select' && epoch === best.epoch,
    );
    const value = finite(chosen?.valid?.[metric]);
    return {
      ...named,
      run: place.id,
      value,
      score: value === null ? null : finite(chosen?.valid?.score),
      bestEpoch: best.epoch,
      trained: epochs,
      seconds,
      failure: value === null ? `no ${metric} on the validation rows` : null,
    };
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'LOSS_NOT_FINITE') throw error;
    const nothing = { run: null, value: null, score: null, bestEpoch: null, trained: 0, seconds: 0 };
    return { ...named, ...nothing, failure: error.code };
  }
}

const finite = (value: number | null | undefined): number | null =>
  value === null || value === undefined || !Number.isFinite(value) ? null : value;

async function trained({ experiment, model, trial }: Trial, request: TrialRequest): Promise<RunPlace> {
  const { recipe, path, shownAs } = experiment.loaded;
  const recipeFile = { file: shownAs, sha256: await hashFile(path) };
  return trainedRun(
    { ...request, ...seededRecipe(experiment.loaded, recipe.seed), recipeFile },
    `${model} ${trial}`,
  );
}
