// What adaptation buys in a trained run: its checkpoint loaded and scored in every way that the curves need.
import { join } from 'node:path';
import { chosenModel } from '../config/recipe-schema.js';
import { type AdaptationStudy, studyAdaptation } from '../evaluation/adaptation/adaptation-curves.js';
import type { EvaluationConfig } from '../evaluation/config/evaluation-config.js';
import { entityPart } from '../models/definition.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import type { Progress } from '../progress.js';
import { REFIT_ROLES, SELECT_ROLES } from '../scoring/learning-rows.js';
import { loadModel } from '../training/checkpoint.js';
import { buildModel } from './model-trainer.js';
import type { NamedRun } from './score-models.js';

/** Undefined for a model that adapts nothing. */
export async function studyRun(
  dataset: PreparedDataset,
  { path, config: { recipe } }: NamedRun,
  config: EvaluationConfig,
  progress: Progress,
): Promise<AdaptationStudy | undefined> {
  const model = buildModel(chosenModel(recipe), recipe.features, dataset);
  const meta = entityPart(model);
  if (meta === undefined) return undefined;
  const { training, execution, seed } = recipe;
  return studyAdaptation({
    model,
    meta,
    state: await loadModel(join(path, 'checkpoint'), model),
    dataset,
    roles: training.refit ? REFIT_ROLES : SELECT_ROLES,
    training,
    execution,
    config,
    seed,
    progress,
  });
}
