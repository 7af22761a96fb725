// The same experiment with another of its models: what a baseline is.

import { faultsToErrors } from '../config/faults.js';
import { layer } from '../config/layers.js';
import { checkRecipe } from '../config/load-recipe.js';
import { UserErrors } from '../errors.js';
import type { OriginatedRecipe } from '../runs/run-config.js';

/**
 * Trains `name` in place of the recipe's model: on the same data, features, training options and seed, with the options under
 * `baselines`, else the model's defaults. Throws MODEL_UNKNOWN.
 */
export function swapModel({ recipe, origins }: OriginatedRecipe, name: string): OriginatedRecipe {
  if (name === recipe.model.name) return { recipe, origins };
  const { name: own, ...ownOptions } = recipe.model;
  const { [name]: options = {}, ...others } = recipe.baselines;
  const tree = { ...recipe, model: { ...options, name }, baselines: { ...others, [own]: ownOptions } };
  const checked = checkRecipe(tree);
  if (checked.recipe === undefined) {
    const shown = layer({ file: `--baseline ${name}`, value: tree, positionOf: () => undefined }, []);
    throw new UserErrors(faultsToErrors(checked.faults, shown));
  }
  return { recipe: checked.recipe, origins: swapOrigins(checked.recipe, origins, own, name) };
}

/** What came from `baselines.<name>` now stands under `model`, and the other way round. */
function swapOrigins(
  recipe: OriginatedRecipe['recipe'],
  origins: OriginatedRecipe['origins'],
  own: string,
  name: string,
): OriginatedRecipe['origins'] {
  const swapped: Record<string, string> = {};
  for (const [key, origin] of Object.entries(origins)) {
    if (key.startsWith(`baselines.${name}.`))
      swapped[`model.${key.slice(`baselines.${name}.`.length)}`] = origin;
    else if (key.startsWith('model.') && key !== 'model.name')
      swapped[`baselines.${own}.${key.slice('model.'.length)}`] = origin;
    else if (key !== 'model.name') swapped[key] = origin;
  }
  // Options that no file gave are the model's defaults.
  for (const option of leafKeys(recipe.model)) swapped[`model.${option}`] ??= 'default';
  swapped['model.name'] = `--baseline ${name}`;
  return swapped;
}

function leafKeys(tree: Readonly<Record<string, unknown>>, prefix = ''): readonly string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? leafKeys(value as Record<string, unknown>, `${prefix}${key}.`)
      : [`${prefix}${key}`],
  );
}
