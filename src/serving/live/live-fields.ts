// What rows and events of requests hold, by the bundle.

import type { BundleManifest } from '../../bundle/format/manifest-schema.js';
import { eventFeatures } from '../../bundle/format/raw-input.js';
import { featureField, idField, type LiveField } from './json-rows.js';

/** Milliseconds since 1970 below this are seconds, most likely; above, microseconds. */
const TIMES = [1e11, 1e14] as const;

/** Event features must be there; those of entities and items are looked up where a row lacks them. */
export function scoreFields({ inputs, adapt }: BundleManifest): readonly LiveField[] {
  const all = [...inputs.score, ...inputs.adapt.filter(({ side }) => side === 'entity')];
  const features = new Map(
    all
      .filter(({ kind }) => kind !== 'id')
      .map((input) => [
        input.name,
        featureField(input, input.side === 'event' ? 'null or value' : 'nothing'),
      ]),
  );
  const sides = new Set(all.map(({ side }) => side));
  const ids = (['entity', 'item'] as const).filter(
    (side) => sides.has(side) || (side === 'entity' && adapt !== null),
  );
  return [...ids.map(idField), ...features.values()];
}

export const eventFields = ({ inputs }: BundleManifest): readonly LiveField[] => [
  idField('entity'),
  idField('item'),
  { name: 'timestamp_ms', kind: 'number', needs: 'value', range: TIMES },
  { name: 'label', kind: 'number', needs: 'value', range: [0, 1] },
  ...eventFeatures(inputs.adapt).map((input) => featureField(input, 'null or value')),
];
