// A recipe together with the data it names, a descriptor or a prepared folder: what train, check and validate start from.

import { dirname } from 'node:path';
import { UserErrors } from '../errors.js';
import { nearestName } from '../nearest-name.js';
import type { DatasetDescriptor } from '../prep/descriptor/descriptor.js';
import type { FeatureSide } from '../prepared/format.js';
import type { PreparedManifest } from '../prepared/manifest.js';
import { readManifest } from '../prepared/read-manifest.js';
import { type Fault, faultsToErrors } from './faults.js';
import { findPrepared } from './find-files.js';
import { loadDescriptor } from './load-descriptor.js';
import { type LoadedRecipe, loadRecipe, type RecipeRequest } from './load-recipe.js';
import type { Recipe } from './recipe-schema.js';

/** A raw log to prepare, with the recipe's `prep` laid over its descriptor; or a folder that is prepared, by whatever program. */
export type NamedData =
  | { readonly kind: 'raw'; readonly descriptor: DatasetDescriptor }
  | { readonly kind: 'prepared'; readonly path: string; readonly manifest: PreparedManifest };

export interface LoadedExperiment {
  readonly loaded: LoadedRecipe;
  readonly data: NamedData;
}

/** Loads both. Throws every fault of the recipe, then of the data's description, then of what they say of each other. */
export async function loadExperiment(request: RecipeRequest): Promise<LoadedExperiment> {
  const loaded = await loadRecipe(request);
  const { recipe, layered, path } = loaded;
  const { cwd } = request;
  const from = dirname(path);
  const prepared = findPrepared(recipe.dataset, cwd, from);
  const data: NamedData =
    prepared === undefined
      ? {
          kind: 'raw',
          descriptor: (
            await loadDescriptor({
              dataset: recipe.dataset,
              cwd,
              from,
              prep: { tree: recipe.prep, originOf: (inner) => layered.whereIs(['prep', ...inner]) },
            })
          ).descriptor,
        }
      : { kind: 'prepared', path: prepared.path, manifest: await readManifest(prepared.path) };
  const faults = [...undeclaredFeatures(recipe, data), ...prepOfPrepared(recipe, data)];
  if (faults.length > 0) throw new UserErrors(faultsToErrors(faults, layered));
  return { loaded, data };
}

/** Features that the recipe names and the data set does not have on that side. */
function undeclaredFeatures({ features }: Recipe, data: NamedData): readonly Fault[] {
  const declared = declaredFeatures(data);
  const dataset = data.kind === 'raw' ? data.descriptor.name : data.manifest.dataset;
  return (['entity', 'item', 'event'] as const).flatMap((side) => {
    const known = [...new Set(declared.filter((feature) => feature.side === side).map(({ name }) => name))];
    return (features[side] ?? []).flatMap((name, i): readonly Fault[] => {
      if (known.includes(name)) return [];
      const close = nearestName(name, known);
      return [
        {
          code: 'FEATURE_UNKNOWN',
          path: ['features', side, i],
          what: `Data set "${dataset}" has no ${side} feature "${name}".${close === undefined ? '' : ` Closest: "${close}".`}`,
          next: `Its ${side} features: ${known.join(', ') || 'none'}.`,
        },
      ];
    });
  });
}

function declaredFeatures(data: NamedData): readonly { readonly name: string; readonly side: FeatureSide }[] {
  if (data.kind === 'prepared') return data.manifest.features;
  const { features, layouts = [] } = data.descriptor;
  return [features, ...layouts.map((layout) => layout.features ?? [])].flat();
}

/** Nothing of a folder that is prepared can still be prepared otherwise. */
function prepOfPrepared({ prep }: Recipe, data: NamedData): readonly Fault[] {
  if (data.kind === 'raw' || Object.keys(prep).length === 0) return [];
  return [
    {
      code: 'CONFIG_RULE',
      path: ['prep'],
      what: 'The data set is a prepared folder, so there is no descriptor to override.',
      next: 'Leave "prep" out, or name the descriptor of the raw log under "dataset".',
    },
  ];
}
