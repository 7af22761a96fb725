// Rows of several entities parted by entity, and put together again so that those of one lie beside each other.
import { joinedPieces, pickRows, type RawPiece } from '../../prepared/raw-column.js';

/** Rows by entity, each entity's in their order; entities in the order of their texts. */
export function byEntity(piece: RawPiece): ReadonlyMap<string, RawPiece> {
  const rowsOf = new Map<string, number[]>();
  (piece.columns.get('entity')!.values as readonly string[]).forEach((entity, row) => {
    const rows = rowsOf.get(entity);
    if (rows === undefined) rowsOf.set(entity, [row]);
    else rows.push(row);
  });
  return new Map(
    [...rowsOf].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, rows]) => [id, pickedRows(piece, rows)]),
  );
}

/** The latest `most` of rows that come in the order of time, behind others of the same entity. */
export function latestRows(pieces: readonly RawPiece[], most: number): RawPiece {
  const joined = joinedPieces(pieces);
  const time = joined.columns.get('timestamp_ms')!.values as Float64Array;
  const order = Array.from(time.keys()).sort((a, b) => time[a]! - time[b]!);
  return pickedRows(joined, order.slice(-most));
}

/** Some rows. */
export const pickedRows = ({ columns }: RawPiece, rows: readonly number[]): RawPiece => {
  const places = Int32Array.from(rows);
  return {
    rows: rows.length,
    columns: new Map([...columns].map(([name, column]) => [name, pickRows(column, places)] as const)),
  };
};
