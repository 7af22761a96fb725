// Work that is done piece by piece, between other work, in one thread.

/** Rests after each piece, and returns what comes of them all. */
export type Pieces<T> = Generator<undefined, T, undefined>;

/** What comes of it, done all at once. */
export function allAtOnce<T>(pieces: Pieces<T>): T {
  return new Piecewise(pieces).finish();
}

export class Piecewise<T> {
  private readonly pieces: Pieces<T>;
  private outcome: { readonly value: T } | undefined;

  constructor(pieces: Pieces<T>) {
    this.pieces = pieces;
  }

  /** Does one piece more, if there is one. */
  advance(): void {
    if (this.outcome !== undefined) return;
    const { value, done } = this.pieces.next();
    if (done === true) this.outcome = { value };
  }

  /** Does the rest. */
  finish(): T {
    while (this.outcome === undefined) this.advance();
    return this.outcome.value;
  }
}
