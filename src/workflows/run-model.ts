// A finished run as a model in memory: its options built on its data, its checkpoint checked and loaded.
import { join } from 'node:path';
import { chosenModel } from '../config/recipe-schema.js';
import type { ModelState } from '../engine/model-state.js';
import type { Model } from '../models/definition.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import type { RunConfig } from '../runs/run-config.js';
import { REFIT_ROLES, type RowRoles, SELECT_ROLES } from '../scoring/learning-rows.js';
import { loadModel } from '../training/checkpoint.js';
import { buildModel } from './model-trainer.js';

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
