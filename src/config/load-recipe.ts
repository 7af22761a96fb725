// A recipe from its file: read, the flags laid over it, checked and resolved.
import { type OriginatedRecipe, resolveRecipe } from './check-recipe.js';
import { exchangeModel } from './exchange-model.js';
import { readRecipe } from './extended-recipe.js';
import { findRecipe } from './find-files.js';
import { type Layered, layer, type Override } from './layers.js';
import { movedNotes, moveKeysOfOverrides } from './moved-keys.js';
import { parseOverrides } from './overrides.js';
import { ownModelOverrides } from './own-models.js';

export interface RecipeRequest {
  /** Path or name. */
  readonly recipe: string;
  readonly cwd: string;
  /** `--model`: train this one of the recipe's models. */
  readonly model?: string | undefined;
  /** `--seed`. */
  readonly seed?: number | undefined;
  /** Flags of their own name that stand for a key. */
  readonly flags?: readonly Override[];
  /** Texts of `--set`. */
  readonly set?: readonly string[];
}

export interface LoadedRecipe extends OriginatedRecipe {
  /** What the user should know of how it was read: keys by their old names. */
  readonly notes: readonly string[];
  readonly layered: Layered;
  /** Absolute path of the file. */
  readonly path: string;
  /** As short as it can be shown. */
  readonly shownAs: string;
}

/** Loads a recipe. Throws RECIPE_MISSING, CONFIG_SYNTAX, faults of a model's file, or every fault of the recipe at once. */
export async function loadRecipe(request: RecipeRequest): Promise<LoadedRecipe> {
  const { path, shownAs } = findRecipe(request.recipe, request.cwd);
  const { file, found } = await readRecipe({ path, shownAs }, request.cwd);
  const { overrides, moved } = moveKeysOfOverrides([
    ...(request.model === undefined
      ? []
      : exchangeModel(file.value, request.model, `--model ${request.model}`)),
    ...(request.seed === undefined
      ? []
      : [{ path: ['seed'], value: request.seed, flag: `--seed ${request.seed}` }]),
    ...(request.flags ?? []),
    ...parseOverrides(request.set ?? []),
  ]);
  const all = [...overrides, ...oneSeed(overrides)];
  const given = layer(file, all);
  const layered = layer(file, [...all, ...(await ownModelOverrides(given, path, request.cwd))]);
  const resolved = resolveRecipe(layered, found.faults);
  return { ...resolved, notes: movedNotes([...found.moved, ...moved]), layered, path, shownAs };
}

/** A seed that a flag names is the only one. */
function oneSeed(overrides: readonly Override[]): readonly Override[] {
  const last = overrides.findLast(({ path: [key] }) => key === 'seed' || key === 'seeds');
  return last?.path[0] === 'seed' ? [{ path: ['seeds'], value: undefined, flag: last.flag }] : [];
}
