// A recipe with one seed: what is trained, whether the recipe has one or several.
import type { OriginatedRecipe } from './check-recipe.js';

/**
 * The recipe with this seed and no others beside it, so that its run is the one that a recipe of that seed alone would have.
 * @param flag where the seed comes from, for one that the recipe does not name
 */
export function seededRecipe(
  { recipe, origins }: OriginatedRecipe,
  seed: number,
  flag?: string,
): OriginatedRecipe {
  const { seeds, ...rest } = recipe;
  const { seeds: listed, ...others } = origins;
  const named = seeds?.includes(seed) ? listed : seed === recipe.seed ? origins['seed'] : undefined;
  return {
    recipe: { ...rest, seed },
    origins: { ...others, seed: named ?? flag ?? `--seed ${seed}` },
  };
}
