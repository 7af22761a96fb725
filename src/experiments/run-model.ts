// A finished run as a model in memory: its options built on its data, its checkpoint checked and loaded.
import { join } from 'node:path';
import { chosenModel } from '../config/recipe-schema.js';
import type { PreparedDataset } from '../data/prepared/dataset.js';
import type { Model } from '../models/definition.js';
import { loadModel } from '../training/checkpoint.js';
import { REFIT_ROLES, type RowRoles, SELECT_ROLES } from '../training/learning-rows.js';
import type { ModelState } from '../training/model-state.js';
import { buildModel } from './model-trainer.js';
import type { RunConfig } from './run-config.js';

export interface RunModel {
  readonly model: Model;
  readonly state: ModelState;
  /** The rows it learned from, and those it may adapt on. */
  readonly roles: RowRoles;
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
    roles: recipe.training.refit ? REFIT_ROLES : SELECT_ROLES,
  };
}
