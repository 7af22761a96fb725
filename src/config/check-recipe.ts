// Checks a recipe's tree, wherever it comes from: shape, model sections by their own schemas, defaults, rules.
import { UserErrors } from '../errors.js';
import type { ModelDefinition } from '../models/contract/definition.js';
import { ownModel } from '../models/own/own-model.js';
import { MODELS } from '../models/registry.js';
import { nearestName } from '../nearest-name.js';
import { checkTree, type Fault, faultsToErrors } from './faults.js';
import { isObject, type Layered, type Origin, valueAt } from './layers.js';
import { leavesOf } from './leaves.js';
import { moveKeys } from './moved-keys.js';
import type { Path } from './read-yaml.js';
import { type Recipe, recipeSchema } from './recipe-schema.js';
import { RULES } from './rules.js';

/** A resolved recipe that knows where its values came from. */
export interface OriginatedRecipe {
  /** Every value, defaults filled in; reads back as a recipe. */
  readonly recipe: Recipe;
  /** By dotted key: `default`, `file:line:column`, or the flag as typed. */
  readonly origins: Readonly<Record<string, Origin>>;
}

/** The recipe that layers make. Throws every fault of it at once, those met before with them. */
export function resolveRecipe(layered: Layered, before: readonly Fault[] = []): OriginatedRecipe {
  const { recipe, faults } = checkRecipe(layered.value);
  if (recipe === undefined || before.length > 0)
    throw new UserErrors(faultsToErrors([...before, ...faults], layered));
  const origins = leavesOf(recipe).map(
    ({ path }) => [path.join('.'), layered.originOf(isFirstOf(recipe, path) ? ['seeds'] : path)] as const,
  );
  return { recipe, origins: Object.fromEntries(origins) };
}

/** The one seed of a recipe of several is the first of them. */
const isFirstOf = ({ seeds }: Recipe, [key]: Path): boolean => key === 'seed' && seeds !== undefined;

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
    seed: top.value.seeds?.[0] ?? top.value.seed,
    model: { name: top.value.model.name, ...model.options },
    baselines: Object.fromEntries(baselines.map(([name, { options }]) => [name, options])),
  };
  const broken = RULES.flatMap((rule) => rule(recipe));
  return broken.length > 0 ? { recipe: undefined, faults: broken } : { recipe, faults: [] };
}

interface CheckedModel {
  readonly options: Readonly<Record<string, unknown>>;
  readonly faults: readonly Fault[];
}

/** Options of a model parsed by its own schema; nothing is said of what the recipe's own schema reports already. */
function checkModel(section: unknown, name: unknown, path: Path): CheckedModel {
  if (typeof name !== 'string' || !(isObject(section) || section === undefined))
    return { options: {}, faults: [] };
  const { name: _, from, sha256, ...options } = path[0] === 'model' ? (section ?? {}) : { ...section, name };
  if (typeof from === 'string' && typeof sha256 === 'string') {
    const own = ownModel(sha256)?.definition;
    // A run's recipe can be read where its model is not at hand: its options were checked when it was trained.
    const checked = own === undefined ? { options, faults: [] } : checkOptions(own, options, path);
    return { options: { from, sha256, ...checked.options }, faults: checked.faults };
  }
  const model = MODELS.find((known) => known.name === name);
  return model === undefined
    ? { options: {}, faults: [unknownModel(name, path)] }
    : checkOptions(model, options, path);
}

function checkOptions(model: ModelDefinition, options: unknown, path: Path): CheckedModel {
  const checked = checkTree(model.config, options, path, `"${model.name}"`);
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
