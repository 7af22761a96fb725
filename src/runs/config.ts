// The configuration of a run as this version understands it; and when two runs are the same.
import { join, relative } from 'node:path';
import { checkRecipe, type OriginatedRecipe } from '../config/check-recipe.js';
import { dotted } from '../config/layers.js';
import { chosenModel, type Recipe } from '../config/recipe-schema.js';
import { replayConfig } from '../evaluation/config/replay-config.js';
import { hashJson } from '../hash.js';
import { findModel } from '../models/registry.js';
import { runDamaged } from './json.js';
import { CONFIG, readStoredConfig, type StoredConfig } from './stored-config.js';

export interface RunConfig extends Omit<StoredConfig, 'recipe' | 'origins'>, OriginatedRecipe {}

/** Hash of all that a trained model depends on. Equal keys mean that a finished run can stand for a new one. */
export function runKey(recipe: Recipe, dataHash: string, codeDigest: string): string {
  return hashJson({ ...learned(recipe, dataHash), seed: recipe.seed, code: codeDigest });
}

/** Equal for runs that are the same but for the seed, and for the version of the program. */
export function recipeKey({ recipe, dataset }: Pick<RunConfig, 'recipe' | 'dataset'>): string {
  return hashJson(learned(recipe, dataset.hash));
}

/** What a model is learned with: itself and its options, features, training options that reach it, data. */
function learned(recipe: Recipe, data: string): Readonly<Record<string, unknown>> {
  const model = chosenModel(recipe);
  // An option that cannot reach this model never parts two runs.
  const adapts = model.sha256 !== undefined || findModel(model.name).learns === 'episodes';
  const training = adapts ? recipe.training : { ...recipe.training, shuffleSupport: false };
  const { replay } = recipe.evaluation;
  return {
    model,
    features: recipe.features,
    training: { ...training, ...recipe.execution },
    data,
    // Training episodes have supports as they are served; frozen vectors are what there was before there was a choice.
    ...(adapts && hashJson(replay) !== hashJson(replayConfig.parse({})) ? { replay } : {}),
  };
}

/** What to write for a prepared folder at `path`. */
export function relativeTo(runPath: string, path: string): string {
  return relative(runPath, path).replaceAll('\\', '/');
}

/** Reads a run's configuration back. Throws RUN_DAMAGED where it is damaged, or of a version with other options. */
export function readRunConfig(runPath: string): RunConfig {
  const config = readStoredConfig(runPath);
  const { recipe, faults } = checkRecipe(config.recipe);
  if (recipe !== undefined) return { ...config, recipe };
  const shown = faults.map(({ path, what }) => `${dotted(path)}: ${what}`).join(' ');
  throw runDamaged(
    join(runPath, CONFIG),
    `This version does not understand it: ${shown}`,
    'Restore it, or train again.',
  );
}
