// The run that a baseline means: one that is named, one that was trained before, or a new one.
import { dirname } from 'node:path';
import { baselineRecipe } from '../config/exchange-model.js';
import { ownModelsOf } from '../config/recipe-schema.js';
import { UserError } from '../errors.js';
import { MODELS } from '../models/registry.js';
import { nearestName } from '../nearest-name.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import type { Progress } from '../progress.js';
import { type RunConfig, readRunConfig } from '../runs/config.js';
import { findRun } from '../runs/find.js';
import { verifyRun } from '../runs/folder.js';
import { loadModelFiles } from '../runs/model-files.js';
import type { RunPlace } from '../runs/places.js';
import { readProvenance } from '../runs/provenance.js';
import type { NamedRun } from './named-run.js';
import { trainedRun } from './trained-run.js';
import type { Trainer } from './trainer.js';

/** What a baseline is compared with, and what it takes to train one. */
export interface BaselineRequest {
  readonly run: RunPlace;
  readonly config: RunConfig;
  readonly dataset: PreparedDataset;
  readonly cwd: string;
  readonly command: readonly string[];
  readonly trainer: Trainer;
  readonly progress: Progress;
  readonly now: () => Date;
}

/** Throws BASELINE_UNKNOWN, EVAL_SAME_RUN, EVAL_OTHER_DATA, and RUN_DAMAGED for a run that is not what it was. */
export async function baselineRun(
  baseline: string,
  taken: readonly NamedRun[],
  request: BaselineRequest,
): Promise<NamedRun> {
  const isModel =
    MODELS.some(({ name }) => name === baseline) || ownModelsOf(request.config.recipe).has(baseline);
  const place = isModel ? await modelRun(baseline, request) : namedRun(baseline, request);
  await verifyRun(place.path);
  const config = readRunConfig(place.path);
  if (place.path === request.run.path) {
    throw new UserError({
      code: 'EVAL_SAME_RUN',
      where: `--baseline ${baseline}`,
      what: 'This is the evaluated run itself.',
      next: 'Name another model or run.',
    });
  }
  if (config.dataset.hash !== request.config.dataset.hash) {
    throw new UserError({
      code: 'EVAL_OTHER_DATA',
      where: `--baseline ${baseline}`,
      what: `Run ${place.id} was trained on other data (${config.dataset.name} ${config.dataset.hash.slice(0, 12)}), so the two cannot be compared row by row.`,
      next: 'Train it on the same prepared data.',
    });
  }
  const name = config.recipe.model.name;
  // Two runs of one model (two seeds, two settings) are told apart by their ids.
  return {
    name: taken.some((other) => other.name === name) ? `${name}@${place.id}` : name,
    path: place.path,
    config,
  };
}

function namedRun(baseline: string, { cwd, progress }: BaselineRequest): RunPlace {
  try {
    return findRun(baseline, cwd, progress);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'RUN_MISSING') throw error;
    const names = MODELS.map(({ name }) => name);
    const close = nearestName(baseline, names);
    throw new UserError({
      code: 'BASELINE_UNKNOWN',
      where: `--baseline ${baseline}`,
      what: `There is no model and no run of this name.${close === undefined ? '' : ` Closest: "${close}".`}`,
      next: `Models: ${names.join(', ')}. Runs: limaml runs`,
    });
  }
}

async function modelRun(model: string, request: BaselineRequest): Promise<RunPlace> {
  const { run, config } = request;
  await loadModelFiles(run.path, config.recipe);
  return trainedRun(
    {
      ...request,
      ...baselineRecipe(config, model),
      recipeFile: readProvenance(run.path).recipe,
      runsFolder: dirname(run.path),
      baselineOf: run.id,
    },
    `baseline ${model}`,
  );
}
