// Columns of raw values: what the log, cleaned as its descriptor says, holds of a feature.

/** Values of one feature or ID by row: '' , [] and NaN stand for a missing value. */
export type RawColumn =
  | { readonly kind: 'text'; readonly values: readonly string[] }
  | { readonly kind: 'texts'; readonly values: readonly (readonly string[])[] }
  | { readonly kind: 'number'; readonly values: Float64Array };

export type RawColumns = ReadonlyMap<string, RawColumn>;

/** Rows of raw values, columns by name. */
export interface RawPiece {
  readonly rows: number;
  readonly columns: RawColumns;
}

const NONE: readonly string[] = [];

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

/** A column of missing values. */
export function missingColumn(kind: RawColumn['kind'], rows: number): RawColumn {
  switch (kind) {
    case 'text':
      return { kind, values: new Array<string>(rows).fill('') };
    case 'texts':
      return { kind, values: new Array<readonly string[]>(rows).fill(NONE) };
    case 'number':
      return { kind, values: new Float64Array(rows).fill(Number.NaN) };
  }
}

/** Pieces with the same columns, one behind the other. */
export function joinedPieces(pieces: readonly RawPiece[]): RawPiece {
  const [first] = pieces;
  const columns = [...(first?.columns ?? [])].map(([name, { kind }]) => {
    const parts = pieces.map((piece) => piece.columns.get(name)!.values);
    const values =
      kind === 'number'
        ? Float64Array.from((parts as Float64Array[]).flatMap((part) => [...part]))
        : (parts as unknown[][]).flat();
    return [name, { kind, values } as RawColumn] as const;
  });
  return { rows: pieces.reduce((total, { rows }) => total + rows, 0), columns: new Map(columns) };
}
