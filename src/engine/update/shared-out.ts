// Pieces of work shared out among those who take a step together.
import type { RowShare } from './touched-rows.js';

/** Those of the pieces that are `index`'s, in their order: the largest first, each goes to whoever has least so far. */
export function sharedOut<T>(
  pieces: readonly T[],
  sizeOf: (piece: T) => number,
  { index, of }: RowShare,
): readonly T[] {
  const sizes = new Array<number>(of).fill(0);
  const own = new Set(
    pieces
      .toSorted((a, b) => sizeOf(b) - sizeOf(a))
      .filter((piece) => {
        const least = sizes.indexOf(Math.min(...sizes));
        sizes[least]! += sizeOf(piece);
        return least === index;
      }),
  );
  return pieces.filter((piece) => own.has(piece));
}
