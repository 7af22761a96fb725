// Raw values of prepared rows: texts by vocabulary, numbers with their transform undone.

import type { RowRefs } from '../../engine/features/feature-source.js';
import { InternalError } from '../../errors.js';
import { type RawInput, specOf } from '../../export/graphs/raw-input.js';
import type { FeatureColumn, FeatureTable } from '../../prepared/dataset.js';
import type { NumericTransform } from '../../prepared/manifest.js';
import type { RawColumn } from './raw-column.js';

/** Where raw values are found: words by index, and the prepared columns. */
export interface RawSource {
  readonly words: ReadonlyMap<string, readonly string[]>;
  readonly entityFeatures: FeatureTable;
  readonly itemFeatures: FeatureTable;
}

/** The raw values of one input for some rows; `events` are the event features of the rows' shard. −1 is padding. */
export function rawColumn(
  input: RawInput,
  refs: RowRefs,
  source: RawSource,
  events: FeatureTable | undefined,
): RawColumn {
  const rows = input.side === 'entity' ? refs.entity : input.side === 'item' ? refs.item : refs.event;
  if (input.kind === 'id') {
    const words = wordsOf(input, source);
    return { kind: 'text', values: Array.from(rows, (row) => (row < 0 ? '' : words[row]!)) };
  }
  const table =
    input.side === 'entity' ? source.entityFeatures : input.side === 'item' ? source.itemFeatures : events;
  const column = table?.get(input.name);
  if (column === undefined)
    throw new InternalError(`the prepared data has no ${input.side} feature "${input.name}"`);
  return decode(input, column, rows, source);
}

function decode(input: RawInput, column: FeatureColumn, rows: Int32Array, source: RawSource): RawColumn {
  if (column.kind === 'numeric') {
    const spec = specOf(input);
    if (spec.kind !== 'numeric') throw new InternalError(`"${input.name}" is stored as a number`);
    return numbers(rows, (row) => undoTransform(column.values[row]!, spec.transform));
  }
  if (column.kind === 'multi') {
    const words = wordsOf(input, source);
    const texts = (row: number): readonly string[] =>
      Array.from(
        column.indices.subarray(column.offsets[row]!, column.offsets[row + 1]!),
        (index) => words[index]!,
      );
    return { kind: 'texts', values: Array.from(rows, (row) => (row < 0 ? [] : texts(row))) };
  }
  const spec = specOf(input);
  if (spec.kind === 'categorical' && spec.edges !== undefined) {
    const { edges } = spec;
    return numbers(rows, (row) => numberInBucket(column.indices[row]!, edges));
  }
  const words = wordsOf(input, source);
  return { kind: 'text', values: Array.from(rows, (row) => (row < 0 ? '' : words[column.indices[row]!]!)) };
}

function numbers(rows: Int32Array, value: (row: number) => number): RawColumn {
  return { kind: 'number', values: Float64Array.from(rows, (row) => (row < 0 ? Number.NaN : value(row))) };
}

function wordsOf({ name }: RawInput, { words }: RawSource): readonly string[] {
  const found = words.get(name);
  if (found === undefined) throw new InternalError(`no vocabulary of "${name}"`);
  return found;
}

/**
 * The number that prep stored as `stored`. A stored 0 is a missing value or the mean itself, which are encoded alike: it
 * comes back as NaN.
 */
export function undoTransform(stored: number, { log, mean, deviation }: NumericTransform): number {
  if (stored === 0) return Number.NaN;
  const value = stored * deviation + mean;
  return log ? Math.sign(value) * Math.expm1(Math.abs(value)) : value;
}

/** A number of bucket `index`: its upper edge; past the last edge, one that is surely above it; NaN for the unknown. */
export function numberInBucket(index: number, edges: readonly number[]): number {
  if (index === 0) return Number.NaN;
  const edge = edges[index - 1];
  if (edge !== undefined) return edge;
  const last = edges[edges.length - 1] ?? 0;
  return last + Math.max(1, Math.abs(last));
}
