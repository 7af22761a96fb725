// Columns of raw values as the tensors that an exported graph is fed.
import { InternalError } from '../../errors.js';
import { missingColumn, type RawColumn } from '../../prepared/raw-column.js';
import type { Tensor } from '../../runtime/executor.js';
import type { RawInput } from './raw-input.js';

/** Kind of the column that an input is read from. */
export function columnKind({ kind }: RawInput): RawColumn['kind'] {
  return kind === 'categories' ? 'texts' : kind === 'number' ? 'number' : 'text';
}

/** A column of missing values of an input. */
export const missing = (input: RawInput, rows: number): RawColumn => missingColumn(columnKind(input), rows);

/** A column as a tensor of shape `leading`, several values padded with '' to the longest. */
export function rawTensor(column: RawColumn, leading: readonly number[]): Tensor {
  const rows = leading.reduce((product, size) => product * size, 1);
  if (column.values.length !== rows)
    throw new InternalError(`${column.values.length} values for a tensor [${leading}]`);
  if (column.kind !== 'texts') return { data: column.values, shape: leading };
  const width = column.values.reduce((longest, texts) => Math.max(longest, texts.length), 1);
  const data = new Array<string>(rows * width).fill('');
  column.values.forEach((texts, row) => {
    for (let i = 0; i < texts.length; i++) data[row * width + i] = texts[i]!;
  });
  return { data, shape: [...leading, width] };
}
