// Sends gradients by encoded rows back to the table rows they were gathered from: the adjoint of `encodeGroup`.
import type { FieldGroup } from '../../models/contract/fields.js';
import type { GroupRows } from '../features/feature-source.js';
import type { TableGradient } from './table-gradient.js';

/**
 * Adds the gradient by encoded rows [rows, width] to the gradients of the tables they were gathered from; of each table
 * only the rows of the gradient's share.
 */
export function scatterGroup(
  group: FieldGroup,
  rows: GroupRows,
  gradient: Float32Array,
  gradients: ReadonlyMap<string, TableGradient>,
): void {
  const { width } = group;
  group.fields.forEach(({ table, dim, offset }, f) => {
    const column = rows.fields[f]!;
    if (column.kind === 'numeric') return;
    const target = gradients.get(table!)!;
    const { index: own, of } = target.share;
    if (column.kind === 'categorical') {
      const { indices } = column;
      for (let i = 0, at = offset; i < rows.rows; i++, at += width) {
        const index = indices[i]!;
        if (index < 0 || index % of !== own) continue;
        const to = target.place(index);
        const { values } = target;
        for (let d = 0; d < dim; d++) values[to + d]! += gradient[at + d]!;
      }
      return;
    }
    const { indices, offsets } = column;
    for (let i = 0, at = offset; i < rows.rows; i++, at += width) {
      const start = offsets[i]!;
      const end = offsets[i + 1]!;
      const scale = 1 / (end - start);
      for (let j = start; j < end; j++) {
        if (indices[j]! % of !== own) continue;
        const to = target.place(indices[j]!);
        const { values } = target;
        for (let d = 0; d < dim; d++) values[to + d]! += scale * gradient[at + d]!;
      }
    }
  });
}
