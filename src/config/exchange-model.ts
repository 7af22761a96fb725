// The same experiment with another of its models: what `--model` trains, and what a baseline is.
import { type OriginatedRecipe, resolveRecipe } from './check-recipe.js';
import { isObject, layer, type Origin, type Override, valueAt } from './layers.js';
import type { Path } from './read-yaml.js';

/**
 * Overrides that put `name` in the place of a recipe's model: the options under `baselines.<name>` become the model, the recipe's
 * own model takes their place. The tree need not be checked: what is no mapping is left as it is, for the check to find.
 */
export function exchangeModel(tree: unknown, name: string, flag: Origin): readonly Override[] {
  const own = valueAt(tree, ['model']);
  const ownName = valueAt(own, ['name']);
  if (name === ownName) return [];
  const baselines = valueAt(tree, ['baselines']);
  const { [name]: chosen, ...others } = isObject(baselines) ? baselines : {};
  const { name: _, ...ownOptions } = isObject(own) ? own : {};
  return [
    { path: ['baselines'], value: others, flag, copiedFrom: ['baselines'] },
    ...(typeof ownName === 'string'
      ? [{ path: ['baselines', ownName], value: ownOptions, flag, copiedFrom: ['model'] as const }]
      : []),
    {
      path: ['model'],
      value: isObject(chosen) ? { ...chosen, name } : (chosen ?? { name }),
      flag,
      copiedFrom: ['baselines', name],
    },
    { path: ['model', 'name'], value: name, flag },
  ];
}

/**
 * The recipe of a baseline: `name` on the same data, features, training options and seed, with its options under `baselines`,
 * else the model's defaults. Throws MODEL_UNKNOWN.
 */
export function baselineRecipe({ recipe, origins }: OriginatedRecipe, name: string): OriginatedRecipe {
  const flag = `--baseline ${name}`;
  const resolved = { file: flag, value: recipe, originOf: (path: Path) => origins[path.join('.')] };
  return resolveRecipe(layer(resolved, exchangeModel(recipe, name, flag)));
}
