// `config.json` of a run: everything that decides its result, each value with its origin; and when two runs are the same.
import { join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { checkRecipe, type OriginatedRecipe } from '../config/check-recipe.js';
import { dotted } from '../config/layers.js';
import { chosenModel, type Recipe } from '../config/recipe-schema.js';
import { replayConfig } from '../evaluation/config/replay-config.js';
import { hashJson } from '../hash.js';
import { findModel } from '../models/registry.js';
import { readRunJson, runDamaged } from './json.js';

const CONFIG = 'config.json';

const configSchema = z.object({
  /** As written: another version may have had other options. */
  recipe: z.looseObject({ model: z.looseObject({ name: z.string() }), seed: z.number() }),
  origins: z.record(z.string(), z.string()),
  dataset: z.object({
    name: z.string(),
    hash: z.string(),
    /** Prepared folder relative to the run's own, so that a project may be moved. */
    path: z.string(),
    /** SHA-256 of the manifest that was read, which `hash` does not cover; runs of earlier versions have none. */
    manifest: z.string().optional(),
  }),
  /** Id of the run that this one was trained for as a baseline; null for a run of its own. */
  baselineOf: z.string().nullable().default(null),
  /** Two finished runs with one key are the same run: see `runKey`. */
  key: z.string(),
});

/** What every version can read of a configuration. */
export type StoredConfig = Readonly<z.output<typeof configSchema>>;

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

/**
 * Flags that made a run something else than its recipe says, as typed; how it was computed (`--workers`) is none of them. What is
 * exported or compared as "the latest" should be known to be an experiment of its own.
 */
export function overridesOf({ origins }: Pick<RunConfig, 'origins'>): readonly string[] {
  const flags = Object.entries(origins).flatMap(([key, origin]) =>
    origin.startsWith('--') && !key.startsWith('execution.') ? [origin] : [],
  );
  return [...new Set(flags)];
}

/** The prepared folder that a run in `runPath` was trained on. */
export function preparedPath(runPath: string, config: Pick<RunConfig, 'dataset'>): string {
  return resolve(runPath, config.dataset.path);
}

/** What to write for a prepared folder at `path`. */
export function relativeTo(runPath: string, path: string): string {
  return relative(runPath, path).replaceAll('\\', '/');
}

/** Reads a configuration, of whatever version. Throws RUN_DAMAGED. */
export function readStoredConfig(runPath: string): StoredConfig {
  return readRunJson(join(runPath, CONFIG), configSchema);
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
