// A recipe together with the descriptor it names: what train, eval and validate start from.
import { dirname } from 'node:path';
import type { DatasetDescriptor } from '../data/descriptor.js';
import { UserErrors } from '../errors.js';
import { nearestName } from '../nearest-name.js';
import { type Fault, faultsToErrors } from './faults.js';
import { loadDescriptor } from './load-descriptor.js';
import { type LoadedRecipe, loadRecipe, type RecipeRequest } from './load-recipe.js';
import type { Recipe } from './recipe-schema.js';

export interface LoadedExperiment {
  readonly loaded: LoadedRecipe;
  /** The descriptor with the recipe's `prep` laid over it. */
  readonly descriptor: DatasetDescriptor;
}

/** Loads both. Throws every fault of the recipe, then of the descriptor, then of what they say of each other. */
export async function loadExperiment(request: RecipeRequest): Promise<LoadedExperiment> {
  const loaded = await loadRecipe(request);
  const { recipe, layered, path } = loaded;
  const { descriptor } = await loadDescriptor({
    dataset: recipe.dataset,
    cwd: request.cwd,
    from: dirname(path),
    prep: { tree: recipe.prep, originOf: (inner) => layered.whereIs(['prep', ...inner]) },
  });
  const faults = undeclaredFeatures(recipe, descriptor);
  if (faults.length > 0) throw new UserErrors(faultsToErrors(faults, layered));
  return { loaded, descriptor };
}

/** Features that the recipe names and the descriptor does not declare on that side. */
export function undeclaredFeatures({ features }: Recipe, descriptor: DatasetDescriptor): readonly Fault[] {
  const declared = [
    descriptor.features,
    ...(descriptor.layouts ?? []).map((layout) => layout.features ?? []),
  ].flat();
  return (['entity', 'item', 'event'] as const).flatMap((side) => {
    const known = [...new Set(declared.filter((feature) => feature.side === side).map(({ name }) => name))];
    return (features[side] ?? []).flatMap((name, i): readonly Fault[] => {
      if (known.includes(name)) return [];
      const close = nearestName(name, known);
      return [
        {
          code: 'FEATURE_UNKNOWN',
          path: ['features', side, i],
          what: `Data set "${descriptor.name}" has no ${side} feature "${name}".${close === undefined ? '' : ` Closest: "${close}".`}`,
          next: `Its ${side} features: ${known.join(', ') || 'none'}.`,
        },
      ];
    });
  });
}
