// The meta embedding of each row's entity: the stored one, or the prior of an entity that has none.
import type { Bundle } from '../bundle/open-bundle.js';
import { missing, priorVectors } from '../bundle/prior.js';
import type { EmbeddingTable } from '../export/raw-tables.js';
import { pickRows, type RawColumns } from './columns/raw-column.js';

export interface RowVectors {
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
  stored: EmbeddingTable,
  entities: readonly string[],
  columns: RawColumns,
): Promise<RowVectors> {
  const { size } = stored;
  const vectors = new Float32Array(entities.length * size);
  const unknown: number[] = [];
  entities.forEach((entity, row) => {
    const at = stored.rowOf.get(entity);
    if (at === undefined) unknown.push(row);
    else vectors.set(stored.vectors.subarray(at * size, (at + 1) * size), row * size);
  });
  if (unknown.length > 0) {
    const inputs = bundle.manifest.inputs.adapt;
    const rows = Int32Array.from(unknown);
    const own = inputs
      .filter(({ side }) => side === 'entity')
      .map((input) => {
        const column = columns.get(input.name);
        return [
          input.name,
          column === undefined ? missing(input, rows.length) : pickRows(column, rows),
        ] as const;
      });
    const found = await priorVectors(await bundle.adapt(), inputs, new Map(own), rows.length);
    rows.forEach((row, i) => {
      vectors.set(found.subarray(i * size, (i + 1) * size), row * size);
    });
  }
  return { vectors, priors: unknown.length };
}
