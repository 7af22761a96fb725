// Pieces of rows sorted by entity, put together so that no entity is parted.
import { joinedPieces, type RawColumn, type RawPiece } from '../prepared/raw-column.js';

/** Rows that are gathered before they are handed on: enough to put entities of like support together. */
const BUFFER_ROWS = 50_000;

interface WholeEntities {
  readonly piece: RawPiece;
  /** First row of each entity. */
  readonly starts: readonly number[];
}

/** Larger pieces of the same rows, in which all rows of an entity are. */
export async function* wholeEntities(
  pieces: AsyncIterable<RawPiece>,
  bufferRows = BUFFER_ROWS,
): AsyncGenerator<WholeEntities> {
  let held: RawPiece[] = [];
  let rows = 0;
  for await (const piece of pieces) {
    held.push(piece);
    rows += piece.rows;
    if (rows < bufferRows) continue;
    const buffer = joinedPieces(held);
    // The last entity's rows may go on in the next piece.
    const starts = startsOf(buffer);
    const cut = starts.at(-1)!;
    held = [sliced(buffer, cut, rows)];
    if (cut > 0) yield { piece: sliced(buffer, 0, cut), starts: starts.slice(0, -1) };
    rows -= cut;
  }
  if (rows > 0) {
    const rest = joinedPieces(held);
    yield { piece: rest, starts: startsOf(rest) };
  }
}

function startsOf({ columns }: RawPiece): readonly number[] {
  const entity = columns.get('entity')!.values as readonly string[];
  return entity.flatMap((id, row) => (row === 0 || id !== entity[row - 1] ? [row] : []));
}

function sliced({ columns }: RawPiece, from: number, to: number): RawPiece {
  const cut = [...columns].map(
    ([name, column]) => [name, { ...column, values: column.values.slice(from, to) } as RawColumn] as const,
  );
  return { rows: to - from, columns: new Map(cut) };
}
