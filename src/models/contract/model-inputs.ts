// The fields a recipe's models read, chosen from what a prepared data set offers.

import { z } from 'zod';
import { UserError, UserErrors } from '../../errors.js';
import { nearestName } from '../../nearest-name.js';
import type { FeatureSide } from '../../prepared/format.js';
import type { PreparedManifest } from '../../prepared/manifest.js';
import type { ModelInputs } from './definition.js';
import { type Field, featureField } from './fields.js';

const names = z.array(z.string()).optional();

/** Features by side; a side left out takes all that were prepared. */
export const featureSelectionSchema = z.strictObject({ entity: names, item: names, event: names });
type FeatureSelection = z.output<typeof featureSelectionSchema>;

/** Fields by side. Throws UserErrors FEATURE_UNKNOWN that name every selected feature the data does not have. */
export function modelInputs(manifest: PreparedManifest, selection: FeatureSelection): ModelInputs {
  const faults: UserError[] = [];
  const side = (name: FeatureSide): Field[] => {
    const specs = manifest.features.filter((spec) => spec.side === name);
    const known = specs.map((spec) => spec.name);
    const wanted = selection[name] ?? known;
    return wanted.flatMap((wantedName) => {
      const spec = specs.find((candidate) => candidate.name === wantedName);
      if (spec !== undefined) return [featureField(spec)];
      const nearest = nearestName(wantedName, known);
      faults.push(
        new UserError({
          code: 'FEATURE_UNKNOWN',
          where: `features.${name}`,
          what: `Data set "${manifest.dataset}" has no ${name} feature "${wantedName}". It has: ${known.join(', ') || 'none'}.`,
          ...(nearest === undefined ? {} : { next: `Did you mean "${nearest}"?` }),
        }),
      );
      return [];
    });
  };
  const inputs: ModelInputs = {
    entityId: idField('entity', manifest.entities + 1, 'entityId'),
    itemId: idField('item', manifest.items + 1, 'itemId'),
    entity: side('entity'),
    item: side('item'),
    event: side('event'),
  };
  if (faults.length > 0) throw new UserErrors(faults);
  return inputs;
}

function idField(name: string, size: number, kind: 'entityId' | 'itemId'): Field {
  return { name, kind: 'categorical', size, source: { kind } };
}
