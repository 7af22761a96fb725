// History features that tell a model of the very labels that group AUC puts in order.
import type { Recipe } from '../config/recipe-schema.js';
import { loggedDescriptor } from '../prep/descriptor/logged.js';
import type { PreparedDataset } from '../prepared/dataset.js';

/**
 * Names of the features that any of the recipes reads and that aggregate the entity's own past up to the row: they move while the
 * scored rows go by, so among an entity's rows a click has fewer clicks in them than the other rows have. None where the data does not
 * say how its features were made.
 */
export function movingHistory({ manifest }: PreparedDataset, recipes: readonly Recipe[]): readonly string[] {
  const { logged } = loggedDescriptor(manifest.descriptor);
  const read = (name: string): boolean =>
    manifest.features.some((spec) => spec.name === name && spec.side === 'event') &&
    recipes.some(({ features }) => features.event?.includes(name) ?? true);
  return logged.features.flatMap((feature) =>
    feature.kind === 'history' && feature.of === 'entity' && read(feature.name) ? [feature.name] : [],
  );
}
