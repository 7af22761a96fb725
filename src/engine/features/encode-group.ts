// Gathers embeddings into the encoded rows that a graph is fed.
import type { FieldGroup } from '../../models/contract/fields.js';
import type { GroupRows } from './feature-source.js';
import { gatherRows } from './table-rows.js';

export type Tables = ReadonlyMap<string, Float32Array>;

/**
 * Encoded rows [rows, width]: each field's embedding (multi-valued: the mean of its values' embeddings; none: zeros)
 * or numeric value in its columns. Padding rows are zero. `encoded` is memory to write to, rows × width, whatever it holds.
 */
export function encodeGroup(
  group: FieldGroup,
  rows: GroupRows,
  tables: Tables,
  encoded: Float32Array<ArrayBuffer> = new Float32Array(rows.rows * group.width),
): Float32Array<ArrayBuffer> {
  const { width } = group;
  if (!writesAll(group, rows)) encoded.fill(0);
  group.fields.forEach(({ table, dim, offset }, f) => {
    const column = rows.fields[f]!;
    if (column.kind === 'numeric') {
      for (let i = 0, at = offset; i < rows.rows; i++, at += width) encoded[at] = column.values[i]!;
      return;
    }
    const values = tables.get(table!)!;
    if (column.kind === 'categorical') {
      gatherRows(values, column.indices, dim, encoded, width, offset);
      return;
    }
    const { indices, offsets } = column;
    for (let i = 0, at = offset; i < rows.rows; i++, at += width) {
      const start = offsets[i]!;
      const end = offsets[i + 1]!;
      const scale = 1 / (end - start);
      for (let j = start; j < end; j++) {
        const from = indices[j]! * dim;
        for (let d = 0; d < dim; d++) encoded[at + d]! += scale * values[from + d]!;
      }
    }
  });
  return encoded;
}

/** Whether every column is written to, so that what it held before is of no account: sums of embeddings start from zeros. */
function writesAll({ fields, width }: FieldGroup, rows: GroupRows): boolean {
  const written = fields.reduce((sum, { dim }) => sum + dim, 0);
  return written === width && rows.fields.every(({ kind }) => kind !== 'multi');
}
