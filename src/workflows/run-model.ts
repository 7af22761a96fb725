// Models in memory: as a recipe means one, and as a finished run trained it.
import { join } from 'node:path';
import { type ChosenModel, chosenModel, type Recipe } from '../config/recipe-schema.js';
import type { ModelState } from '../engine/model-state.js';
import type { Model } from '../models/contract/definition.js';
import { modelInputs } from '../models/contract/model-inputs.js';
import { findModel } from '../models/registry.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import type { RunConfig } from '../runs/config.js';
import { type RowRoles, rolesAfter } from '../scoring/learning-rows.js';
import { loadModel } from '../training/checkpoint.js';

export interface RunModel {
  readonly model: Model;
  readonly state: ModelState;
  /** The rows it learned from, and those it may adapt on. */
  readonly roles: RowRoles;
}

/** The model that a recipe means, on the features it names. Throws FEATURE_UNKNOWN. */
export function buildModel(
  model: ChosenModel,
  features: Recipe['features'],
  dataset: PreparedDataset,
): Model {
  const definition = findModel(model.name);
  return definition.build(definition.config.parse(model.config), modelInputs(dataset.manifest, features));
}

/** Throws CHECKPOINT_DAMAGED and CHECKPOINT_MISMATCH. */
export async function loadRunModel(
  path: string,
  { recipe }: RunConfig,
  dataset: PreparedDataset,
): Promise<RunModel> {
  const model = buildModel(chosenModel(recipe), recipe.features, dataset);
  return {
    model,
    state: await loadModel(join(path, 'checkpoint'), model),
    roles: rolesAfter(recipe.training),
  };
}
