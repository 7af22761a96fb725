// Models in memory: as a recipe means one, and as a finished run trained it.
import { basename, dirname, join } from 'node:path';
import { type ChosenModel, chosenModel, type Recipe } from '../config/recipe-schema.js';
import type { ModelState } from '../engine/model-state.js';
import { InternalError } from '../errors.js';
import type { Model, ModelDefinition } from '../models/contract/definition.js';
import { modelInputs } from '../models/contract/model-inputs.js';
import { ownModel } from '../models/own/own-model.js';
import { findModel } from '../models/registry.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import type { Progress } from '../progress.js';
import type { RunConfig } from '../runs/config.js';
import { changedModelFile, loadModelFiles } from '../runs/model-files.js';
import { type RowRoles, rolesAfter } from '../scoring/learning-rows.js';
import { loadModel } from '../training/checkpoint.js';

export interface RunModel {
  readonly model: Model;
  readonly state: ModelState;
  /** The rows it learned from, and those it may adapt on. */
  readonly roles: RowRoles;
}

function definitionOf({ name, sha256 }: ChosenModel): ModelDefinition {
  if (sha256 === undefined) return findModel(name);
  const own = ownModel(sha256);
  if (own === undefined) throw new InternalError(`the file of model "${name}" was not loaded`);
  return own.definition;
}

/** The model that a recipe means, on the features it names. Throws FEATURE_UNKNOWN. */
export function buildModel(
  model: ChosenModel,
  features: Recipe['features'],
  dataset: PreparedDataset,
): Model {
  const definition = definitionOf(model);
  return definition.build(definition.config.parse(model.config), modelInputs(dataset.manifest, features));
}

/** Throws CHECKPOINT_DAMAGED and CHECKPOINT_MISMATCH, and RUN_DAMAGED where the file of a model of one's own is another one. */
export async function loadRunModel(
  path: string,
  { recipe }: RunConfig,
  dataset: PreparedDataset,
): Promise<RunModel> {
  await loadModelFiles(path, recipe);
  const model = buildModel(chosenModel(recipe), recipe.features, dataset);
  return {
    model,
    state: await loadModel(join(path, 'checkpoint'), model),
    roles: rolesAfter(recipe.training),
  };
}

/** Says where the file of a model of one's own is not any more what a run was trained with: the run keeps to its copy. */
export async function noteChangedModel(
  runPath: string,
  { recipe }: RunConfig,
  progress: Progress,
): Promise<void> {
  // A run lies in runs/ beside its recipe.
  const changed = await changedModelFile(dirname(dirname(runPath)), recipe);
  if (changed !== undefined)
    progress({
      kind: 'note',
      text: `${changed} has changed since run ${basename(runPath)} was trained with it: the run's own copy is used`,
    });
}
