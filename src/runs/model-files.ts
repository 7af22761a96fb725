// Files of one's own models inside a run: a copy of each that its recipe names, so that the run can be read for ever.
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ownModelsOf, type Recipe } from '../config/recipe-schema.js';
import { hashFile } from '../hash.js';
import { loadOwnModel, ownModel } from '../models/own/own-model.js';
import { runDamaged } from './json.js';

/** Folder of the copies inside the run's. */
export const MODEL_FILES = 'models';

const fileOf = (runPath: string, name: string): string => join(runPath, MODEL_FILES, `${name}.mjs`);

/** Writes the copies into a run's folder. */
export async function keepModelFiles(runPath: string, recipe: Recipe): Promise<void> {
  for (const [name, sha256] of ownModelsOf(recipe)) {
    const own = ownModel(sha256);
    if (own === undefined) continue;
    await mkdir(join(runPath, MODEL_FILES), { recursive: true });
    await writeFile(fileOf(runPath, name), own.bytes);
  }
}

/** Loads the models from the copies. Throws RUN_DAMAGED for one that is not the file that the run was trained with. */
export async function loadModelFiles(runPath: string, recipe: Recipe): Promise<void> {
  for (const [name, sha256] of ownModelsOf(recipe)) {
    if (ownModel(sha256) !== undefined) continue;
    const file = fileOf(runPath, name);
    const found = existsSync(file) ? await hashFile(file) : 'missing';
    if (found !== sha256)
      throw runDamaged(
        file,
        `The model's file is ${found === 'missing' ? 'gone' : `another one: its SHA-256 is ${found.slice(0, 12)}…`}; the run was trained with ${sha256.slice(0, 12)}….`,
        'Restore it, or train again.',
      );
    await loadOwnModel(file, file);
  }
}

/**
 * The file beside the recipe that has changed since the run was trained with it, as the recipe names it; undefined where none
 * has, or where it is not there any more.
 */
export async function changedModelFile(recipeFolder: string, { model }: Recipe): Promise<string | undefined> {
  const { from, sha256 } = model;
  if (typeof from !== 'string') return undefined;
  const file = resolve(recipeFolder, from);
  return existsSync(file) && (await hashFile(file)) !== sha256 ? from : undefined;
}
