// The meta embedding of each row's entity: the stored one, or the prior of an entity that has none.

import { missing } from '../bundle/format/raw-tensor.js';
import type { Bundle } from '../bundle/open.js';
import { pickRows, type RawColumns } from '../prepared/raw-column.js';
import { priorVectors } from './prior.js';

interface RowVectors {
  /** [rows × size] */
  readonly vectors: Float32Array;
  /** Rows whose entity has no stored embedding. */
  readonly priors: number;
}

/**
 * Vectors of rows whose entities are `entities`. Without a stored embedding it is adapt.onnx without support rows, on what
 * `columns` holds of the entity's features, missing ones left open.
 */
export async function rowVectors(
  bundle: Bundle,
  entities: readonly string[],
  columns: RawColumns,
): Promise<RowVectors> {
  const size = bundle.manifest.model.dimensions!;
  const { vectors, found } = await bundle.store.vectors(entities);
  const unknown = Int32Array.from([...found.keys()].filter((row) => found[row] === 0));
  if (unknown.length === 0) return { vectors, priors: 0 };
  const inputs = bundle.manifest.inputs.adapt;
  const own = inputs
    .filter(({ side }) => side === 'entity')
    .map((input) => {
      const column = columns.get(input.name);
      const known = column === undefined ? missing(input, unknown.length) : pickRows(column, unknown);
      return [input.name, known] as const;
    });
  const priors = await priorVectors(await bundle.adapt(), inputs, new Map(own), unknown.length);
  unknown.forEach((row, i) => {
    vectors.set(priors.subarray(i * size, (i + 1) * size), row * size);
  });
  return { vectors, priors: unknown.length };
}
