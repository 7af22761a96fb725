// The pipeline of a recipe: read, lay the flags over, check shape and model sections, fill in defaults, apply the rules.
import { UserErrors } from '../errors.js';
import { MODELS } from '../models/registry.js';
import { nearestName } from '../nearest-name.js';
import { checkTree, type Fault, faultsToErrors } from './faults.js';
import { findRecipe } from './find-files.js';
import { isObject, type Layered, layer, type Origin, type Override, valueAt } from './layers.js';
import { movedNotes, moveKeys, moveKeysOfFile, moveKeysOfOverrides } from './moved-keys.js';
import { parseOverrides } from './overrides.js';
import type { Path, YamlFile } from './read-yaml.js';
import { readYaml } from './read-yaml.js';
import { type Recipe, recipeSchema } from './recipe-schema.js';
import { RULES } from './rules.js';

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

export interface LoadedRecipe {
  readonly recipe: Recipe;
  /** Where each value came from, by dotted key of the resolved recipe. */
  readonly origins: Readonly<Record<string, Origin>>;
  /** What the user should know of how it was read: keys by their old names. */
  readonly notes: readonly string[];
  readonly layered: Layered;
  /** Absolute path of the file. */
  readonly path: string;
  /** As short as it can be shown. */
  readonly shownAs: string;
}

/** Loads a recipe. Throws RECIPE_MISSING, CONFIG_SYNTAX, or every fault of the recipe at once. */
export async function loadRecipe(request: RecipeRequest): Promise<LoadedRecipe> {
  const { path, shownAs } = findRecipe(request.recipe, request.cwd);
  const { file, found } = moveKeysOfFile(await readYaml(path, shownAs));
  const { overrides, moved } = moveKeysOfOverrides([
    ...modelOverrides(file, request.model),
    ...(request.seed === undefined
      ? []
      : [{ path: ['seed'], value: request.seed, flag: `--seed ${request.seed}` }]),
    ...(request.flags ?? []),
    ...parseOverrides(request.set ?? []),
  ]);
  const layered = layer(file, overrides);
  const { recipe, faults } = checkRecipe(layered.value);
  if (recipe === undefined || found.faults.length > 0)
    throw new UserErrors(faultsToErrors([...found.faults, ...faults], layered));
  const notes = movedNotes([...found.moved, ...moved]);
  return { recipe, origins: originsOf(recipe, layered), notes, layered, path, shownAs };
}

/** Checks a recipe's tree, wherever it comes from. Every fault is reported, not the first. */
export function checkRecipe(
  given: unknown,
):
  | { readonly recipe: Recipe; readonly faults: readonly [] }
  | { readonly recipe: undefined; readonly faults: readonly Fault[] } {
  const { tree, faults: twice } = moveKeys(given);
  const top = checkTree(recipeSchema, tree ?? {});
  const model = checkModel(valueAt(tree, ['model']), valueAt(tree, ['model', 'name']), ['model']);
  const others = valueAt(tree, ['baselines']);
  const baselines = Object.entries(isObject(others) ? others : {}).map(
    ([name, options]) => [name, checkModel(options, name, ['baselines', name])] as const,
  );
  const faults = [
    ...twice,
    ...(top.faults ?? []),
    ...model.faults,
    ...baselines.flatMap(([, { faults }]) => faults),
  ];
  if (top.faults !== undefined || faults.length > 0) return { recipe: undefined, faults };
  const recipe: Recipe = {
    ...top.value,
    model: { name: top.value.model.name, ...model.options },
    baselines: Object.fromEntries(baselines.map(([name, { options }]) => [name, options])),
  };
  const broken = RULES.flatMap((rule) => rule(recipe));
  return broken.length > 0 ? { recipe: undefined, faults: broken } : { recipe, faults: [] };
}

/** Options of a model parsed by its own schema; nothing is said of what the recipe's own schema reports already. */
export function checkModel(
  section: unknown,
  name: unknown,
  path: Path,
): { readonly options: Readonly<Record<string, unknown>>; readonly faults: readonly Fault[] } {
  if (typeof name !== 'string' || !(isObject(section) || section === undefined))
    return { options: {}, faults: [] };
  const model = MODELS.find((known) => known.name === name);
  if (model === undefined) return { options: {}, faults: [unknownModel(name, path)] };
  const { name: _, ...options } = path[0] === 'model' ? (section ?? {}) : { name, ...section };
  const checked = checkTree(model.config, options, path, `"${name}"`);
  return checked.faults === undefined
    ? { options: checked.value as Readonly<Record<string, unknown>>, faults: [] }
    : { options: {}, faults: checked.faults };
}

function unknownModel(name: string, path: Path): Fault {
  const names = MODELS.map((model) => model.name);
  const close = nearestName(name, names);
  return {
    code: 'MODEL_UNKNOWN',
    path: path[0] === 'model' ? ['model', 'name'] : path,
    what: `There is no model "${name}".${close === undefined ? '' : ` Closest: "${close}".`}`,
    next: `Models: ${names.join(', ')}. See: limaml models`,
  };
}

/** `--model m`: the options under baselines.m become the model; the recipe's own model takes their place. */
function modelOverrides(file: YamlFile, model: string | undefined): readonly Override[] {
  const own = valueAt(file.value, ['model']);
  const ownName = valueAt(own, ['name']);
  if (model === undefined || model === ownName) return [];
  const flag = `--model ${model}`;
  const baselines = valueAt(file.value, ['baselines']);
  const { [model]: chosen, ...others } = isObject(baselines) ? baselines : {};
  const { name: _, ...ownOptions } = isObject(own) ? own : {};
  return [
    { path: ['baselines'], value: others, flag, copiedFrom: ['baselines'] },
    ...(typeof ownName === 'string'
      ? [{ path: ['baselines', ownName], value: ownOptions, flag, copiedFrom: ['model'] as const }]
      : []),
    // A section that is no mapping is left as it is, for the check to find.
    {
      path: ['model'],
      value: isObject(chosen) ? { ...chosen, name: model } : (chosen ?? { name: model }),
      flag,
      copiedFrom: ['baselines', model],
    },
    { path: ['model', 'name'], value: model, flag },
  ];
}

/** Origin of every leaf of the resolved recipe; an empty mapping or a list is a leaf. */
function originsOf(recipe: Recipe, layered: Layered): Readonly<Record<string, Origin>> {
  const origins: Record<string, Origin> = {};
  const visit = (value: unknown, path: Path): void => {
    if (isObject(value) && Object.keys(value).length > 0)
      for (const [key, inner] of Object.entries(value)) visit(inner, [...path, key]);
    else if (value !== undefined) origins[path.join('.')] = layered.originOf(path);
  };
  visit(recipe, []);
  return origins;
}
