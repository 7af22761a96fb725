// Stored vectors against adapt.onnx on the stored support rows: what a refresh will rest on.
import { storedStep } from '../bundle/format/vector-type.js';
import { type Bundle, layoutOf } from '../bundle/open.js';
import type { EntityChoice } from '../bundle/store/store.js';
import type { RawColumn } from '../prepared/raw-column.js';
import { adaptStored } from '../serving/adapt-stored.js';
import { priorVectors } from '../serving/prior.js';
import { type Agreement, agreements } from './agreement.js';

/** About so many entities are compared, drawn by the seed; all when there are fewer. */
const ENTITIES = 5000;

/**
 * Compares stored vectors with what the graph of the bundle gives for their entities. Numbers above 1 are compared relative to
 * their size.
 */
export async function compareVectors(bundle: Bundle, seed: number): Promise<Agreement> {
  const { store, manifest } = bundle;
  const size = manifest.model.dimensions!;
  const { vectorType } = layoutOf(manifest);
  const found = agreements();
  const compare = async (entities: readonly string[], vectors: Float32Array): Promise<void> => {
    const stored = await store.vectors(entities);
    entities.forEach((entity, i) => {
      const own = stored.vectors.subarray(i * size, (i + 1) * size);
      const largest = own.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      for (let d = 0; d < size; d++) {
        const expected = stored.found[i] === 1 ? stored.vectors[i * size + d]! : Number.NaN;
        const difference = vectors[i * size + d]! - expected;
        const step = storedStep(vectorType, expected, largest);
        // Two that are all but equal may be stored a step apart.
        const beyond = Math.abs(difference) <= step ? 0 : Math.abs(difference) - step;
        found.add(entity, beyond / Math.max(1, Math.abs(expected)));
      }
    });
  };
  const drawn: EntityChoice = { share: Math.min(1, ENTITIES / Math.max(1, manifest.data.entities)), seed };
  for await (const { entities, vectors } of adaptStored(bundle, store.support(drawn)))
    await compare(entities, vectors);
  for await (const ids of store.withoutSupport(drawn)) {
    const own = new Map<string, RawColumn>(await store.features('entity', ids));
    own.set('entity', { kind: 'text', values: ids });
    const inputs = manifest.inputs.adapt;
    await compare(ids, await priorVectors(await bundle.adapt(), inputs, own, ids.length));
  }
  return found.result();
}
