// Rows of a published bundle as bytes: vectors as the bundle keeps them (format/vector-type.ts); everything else is JSON.
import type { RawColumn, RawColumns, RawPiece } from '../../prepared/raw-column.js';

export const KEY = {
  vector: (entity: string): string => `v:${entity}`,
  support: (entity: string): string => `s:${entity}`,
  entity: (id: string): string => `e:${id}`,
  item: (id: string): string => `i:${id}`,
  file: (sha256: string): string => `f:${sha256}`,
  manifest: 'm',
} as const;

/** Columns by name, missing numbers as null. */
export function columnsBytes(columns: RawColumns, from: number, to: number): Uint8Array {
  const plain = [...columns].map(([name, column]) => [name, plainValues(column, from, to)] as const);
  return Buffer.from(JSON.stringify(Object.fromEntries(plain)));
}

const plainValues = (column: RawColumn, from: number, to: number): readonly unknown[] =>
  Array.from(column.values.slice(from, to), (value: unknown) => (Number.isNaN(value) ? null : value));

/** The columns that `columnsBytes` was given; a column that is not there is missing in every row. */
export function columnsOf(
  bytes: Uint8Array,
  kinds: readonly (readonly [string, RawColumn['kind']])[],
): RawPiece {
  const read = JSON.parse(Buffer.from(bytes).toString('utf8')) as Readonly<
    Record<string, readonly unknown[]>
  >;
  const rows = Object.values(read)[0]?.length ?? 0;
  const columns = kinds.map(([name, kind]) => {
    const values = read[name] ?? new Array<null>(rows).fill(null);
    if (kind === 'number')
      return [name, { kind, values: Float64Array.from(values, (value) => (value ?? Number.NaN) as number) }];
    return [name, { kind, values: values.map((value) => value ?? (kind === 'text' ? '' : [])) }];
  });
  return { rows, columns: new Map(columns as [string, RawColumn][]) };
}
