// The gradient of an embedding table, kept only for the rows that a batch touched.

/** Which rows of every table are looked after: those whose number leaves `index` when divided by `of`. */
export interface RowShare {
  readonly index: number;
  readonly of: number;
}

export const ALL_ROWS: RowShare = { index: 0, of: 1 };

const START_BITS = 8;
/** 2³² divided by the golden ratio: neighbours are sent far apart. */
const SPREAD = 0x9e3779b1;

/**
 * Touched rows are found in a hash table as large as a batch, which stays in a core's cache. An entry for every row of the table
 * would be four megabytes for a million rows, and cost as much as reading the rows themselves.
 */
export class TableGradient {
  readonly dim: number;
  readonly share: RowShare;
  /** Touched rows in the order they were first touched. Replaced when it grows, like `values`: read both after `place`. */
  touched = new Int32Array(2 ** (START_BITS - 1));
  /** Gradients of the touched rows, one after the other, `dim` each. */
  values: Float32Array;
  count = 0;
  private bits = START_BITS;
  /** 1 + a touched row, 0 where nothing is. Never more than half full. */
  private keys = new Int32Array(2 ** START_BITS);
  /** Where in `values` the gradient of the row beside it starts. */
  private starts = new Int32Array(2 ** START_BITS);

  constructor(dim: number, share: RowShare = ALL_ROWS) {
    this.dim = dim;
    this.share = share;
    this.values = new Float32Array(this.touched.length * dim);
  }

  /** Where in `values` the gradient of a row starts; the row counts as touched from now on. */
  place(row: number): number {
    const at = this.find(row);
    return this.keys[at] === 0 ? this.add(row, at) : this.starts[at]!;
  }

  /** Whether a row was touched. */
  has(row: number): boolean {
    return this.keys[this.find(row)] !== 0;
  }

  /** Forgets everything, ready for the next batch. */
  clear(): void {
    if (this.count === 0) return;
    this.values.fill(0, 0, this.count * this.dim);
    this.keys.fill(0);
    this.count = 0;
  }

  /** The entry of a row, or the free one that it would get. */
  private find(row: number): number {
    const { keys } = this;
    const last = keys.length - 1;
    let at = Math.imul(row, SPREAD) >>> (32 - this.bits);
    for (let key = keys[at]!; key !== 0 && key !== row + 1; key = keys[at]!) at = (at + 1) & last;
    return at;
  }

  private add(row: number, free: number): number {
    let at = free;
    if (this.count === this.touched.length) {
      this.grow();
      at = this.find(row);
    }
    const start = this.count * this.dim;
    this.touched[this.count++] = row;
    this.keys[at] = row + 1;
    this.starts[at] = start;
    return start;
  }

  private grow(): void {
    const { touched, values, count, dim } = this;
    this.bits++;
    this.touched = new Int32Array(2 * touched.length);
    this.touched.set(touched);
    this.values = new Float32Array(2 * values.length);
    this.values.set(values);
    this.keys = new Int32Array(2 ** this.bits);
    this.starts = new Int32Array(2 ** this.bits);
    for (let i = 0; i < count; i++) {
      const at = this.find(touched[i]!);
      this.keys[at] = touched[i]! + 1;
      this.starts[at] = i * dim;
    }
  }
}
