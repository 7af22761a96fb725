// The rows of an embedding table that a batch touched, in the order of their first touch.

/** Which rows of every table are looked after: those whose number leaves `index` when divided by `of`. */
export interface RowShare {
  readonly index: number;
  readonly of: number;
}

export const ALL_ROWS: RowShare = { index: 0, of: 1 };

const START_BITS = 8;
/** 2³² divided by the golden ratio: neighbours are sent far apart. */
const SPREAD = 0x9e3779b1;

/** Of a table of at most so many rows each has an entry of its own. */
const FEW_ROWS = 4096;

/**
 * Touched rows of large tables are found in a hash table as large as a batch, which stays in a core's cache. An entry for every row of the table
 * would be four megabytes for a million rows, and cost as much as reading the rows themselves.
 */
export class TouchedRows {
  readonly share: RowShare;
  /** The first `count` are the rows. Replaced when it grows: read it after `place`. */
  rows = new Int32Array(2 ** (START_BITS - 1));
  count = 0;
  private bits: number;
  private readonly spread: number;
  /** 1 + a touched row, 0 where nothing is. Never more than half full, where it is a hash table. */
  private keys: Int32Array;
  /** Where in `rows` the row beside it is. */
  private places: Int32Array;

  /** @param tableRows how many rows the table has */
  constructor(share: RowShare = ALL_ROWS, tableRows = Number.POSITIVE_INFINITY) {
    this.share = share;
    const few = tableRows <= FEW_ROWS;
    // All bits of a row times one: the row itself.
    this.bits = few ? 32 : START_BITS;
    this.spread = few ? 1 : SPREAD;
    const entries = few ? tableRows : 2 ** START_BITS;
    this.keys = new Int32Array(entries);
    this.places = new Int32Array(entries);
  }

  /** Where in `rows` a row is; it counts as touched from now on. */
  place(row: number): number {
    const at = this.find(row);
    return this.keys[at] === 0 ? this.add(row, at) : this.places[at]!;
  }

  /**
   * Writes where the row of each index is, times `size`, and −1 of those that are nobody's or another's: of all the rows of a batch at
   * once, since asking for one at a time takes twice as long.
   */
  placesOf(indices: Int32Array, size: number, places: Int32Array): void {
    const { index: own, of } = this.share;
    // A power of two, as usual, needs no division.
    const mask = (of & (of - 1)) === 0 ? of - 1 : undefined;
    const few = this.spread === 1;
    const { keys, places: known } = this;
    for (let i = 0; i < indices.length; i++) {
      const row = indices[i]!;
      const whose = mask === undefined ? row % of : row & mask;
      if (row < 0 || whose !== own) places[i] = -1;
      else places[i] = size * (few && keys[row] !== 0 ? known[row]! : this.place(row));
    }
  }

  /** Whether a row was touched. */
  has(row: number): boolean {
    return this.keys[this.find(row)] !== 0;
  }

  /** Forgets everything, ready for the next batch. */
  clear(): void {
    if (this.count === 0) return;
    this.keys.fill(0);
    this.count = 0;
  }

  /** The entry of a row, or the free one that it would get. */
  private find(row: number): number {
    const { keys } = this;
    const last = keys.length - 1;
    let at = Math.imul(row, this.spread) >>> (32 - this.bits);
    for (let key = keys[at]!; key !== 0 && key !== row + 1; key = keys[at]!) at = (at + 1) & last;
    return at;
  }

  private add(row: number, free: number): number {
    let at = free;
    if (this.count === this.rows.length) {
      this.grow();
      at = this.find(row);
    }
    this.rows[this.count] = row;
    this.keys[at] = row + 1;
    this.places[at] = this.count;
    return this.count++;
  }

  private grow(): void {
    const { rows, count } = this;
    this.rows = new Int32Array(2 * rows.length);
    this.rows.set(rows);
    if (this.spread === 1) return;
    this.bits++;
    this.keys = new Int32Array(2 ** this.bits);
    this.places = new Int32Array(2 ** this.bits);
    for (let i = 0; i < count; i++) {
      const at = this.find(rows[i]!);
      this.keys[at] = rows[i]! + 1;
      this.places[at] = i;
    }
  }
}
