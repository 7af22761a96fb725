// Columns of raw values, and how they become the tensors that an exported graph is fed.
import { InternalError } from '../../errors.js';
import type { RawInput } from '../../export/graphs/raw-input.js';
import type { Tensor } from '../../runtime/executor.js';

/** Values of one input by row: '' , [] and NaN stand for a missing value. */
export type RawColumn =
  | { readonly kind: 'text'; readonly values: readonly string[] }
  | { readonly kind: 'texts'; readonly values: readonly (readonly string[])[] }
  | { readonly kind: 'number'; readonly values: Float64Array };

export type RawColumns = ReadonlyMap<string, RawColumn>;

/** Kind of the column that an input is read from. */
export function columnKind({ kind }: RawInput): RawColumn['kind'] {
  return kind === 'categories' ? 'texts' : kind === 'number' ? 'number' : 'text';
}

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

/** The rows `rows` of a column; −1 gives a missing value. */
export function pickRows(column: RawColumn, rows: Int32Array): RawColumn {
  if (column.kind === 'number')
    return {
      kind: 'number',
      values: Float64Array.from(rows, (row) => (row < 0 ? Number.NaN : column.values[row]!)),
    };
  if (column.kind === 'text')
    return { kind: 'text', values: Array.from(rows, (row) => (row < 0 ? '' : column.values[row]!)) };
  return { kind: 'texts', values: Array.from(rows, (row) => (row < 0 ? NONE : column.values[row]!)) };
}

const NONE: readonly string[] = [];

/** The values that a text of several holds: trimmed, each once in order of first appearance, the first `max` of them. */
export function splitValues(text: string, separator: string, max: number): readonly string[] {
  if (text === '') return NONE;
  const values: string[] = [];
  for (const part of text.split(separator)) {
    const value = part.trim();
    if (value !== '' && !values.includes(value)) values.push(value);
    if (values.length === max) break;
  }
  return values;
}
