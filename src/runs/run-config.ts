// `config.json` of a run: everything that decides its result, each value with its origin.
import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { dotted } from '../config/layers.js';
import { checkRecipe } from '../config/load-recipe.js';
import { chosenModel, type Recipe } from '../config/recipe-schema.js';
import { UserError } from '../errors.js';
import { hashJson } from '../hash.js';
import { findModel } from '../models/registry.js';

/** A resolved recipe that knows where its values came from. */
export interface OriginatedRecipe {
  /** Every value, defaults filled in; reads back as a recipe. */
  readonly recipe: Recipe;
  /** By dotted key: `default`, `file:line:column`, or the flag as typed. */
  readonly origins: Readonly<Record<string, string>>;
}

export interface RunConfig extends OriginatedRecipe {
  readonly dataset: {
    readonly name: string;
    readonly hash: string;
    /** Prepared folder relative to the run's own, so that a project may be moved. */
    readonly path: string;
  };
  /** Id of the run that this one was trained for as a baseline; null for a run of its own. */
  readonly baselineOf: string | null;
  /** Two finished runs with one key are the same run: see `runKey`. */
  readonly key: string;
}

/**
 * Hash of all that a trained model depends on: model and options, features, training options that reach it, seed, data and
 * program. Equal keys mean that a finished run can stand for a new one.
 */
export function runKey(recipe: Recipe, dataHash: string, codeDigest: string): string {
  const { features, seed } = recipe;
  const model = chosenModel(recipe);
  const training = { ...relevantTraining(model.name, recipe.training), ...recipe.execution };
  return hashJson({ model, features, training, seed, data: dataHash, code: codeDigest });
}

/** Training options with those that cannot reach this model as if they were left out, so that they never part two keys. */
function relevantTraining(model: string, training: Recipe['training']): Recipe['training'] {
  return findModel(model).learns === 'episodes' ? training : { ...training, shuffleSupport: false };
}

/** The prepared folder that a run in `runPath` was trained on. */
export function preparedPath(runPath: string, config: RunConfig): string {
  return resolve(runPath, config.dataset.path);
}

/** What to write for a prepared folder at `path`. */
export function relativeTo(runPath: string, path: string): string {
  return relative(runPath, path).replaceAll('\\', '/');
}

/** Reads a run's configuration back. Throws RUN_DAMAGED where it does not parse, or is of a version with other options. */
export async function readRunConfig(runPath: string): Promise<RunConfig> {
  const file = join(runPath, 'config.json');
  const damaged = (what: string): UserError =>
    new UserError({ code: 'RUN_DAMAGED', where: file, what, next: 'Restore it, or train again.' });
  let config: RunConfig;
  try {
    config = JSON.parse(await readFile(file, 'utf8')) as RunConfig;
  } catch (error) {
    throw damaged(`This configuration cannot be read: ${(error as Error).message}.`);
  }
  const { recipe, faults } = checkRecipe(config.recipe);
  if (recipe === undefined)
    throw damaged(
      `This version does not understand it: ${faults.map(({ path, what }) => `${dotted(path)}: ${what}`).join(' ')}`,
    );
  if (typeof config.dataset?.hash !== 'string' || typeof config.key !== 'string')
    throw damaged('It names no data set or no key.');
  return { ...config, recipe };
}
