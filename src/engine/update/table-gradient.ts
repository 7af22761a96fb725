// The gradient of an embedding table, kept only for the rows that a batch touched.

/** Which rows of every table are looked after: those whose number leaves `index` when divided by `of`. */
export interface RowShare {
  readonly index: number;
  readonly of: number;
}

export const ALL_ROWS: RowShare = { index: 0, of: 1 };

export class TableGradient {
  readonly dim: number;
  readonly share: RowShare;
  /** Touched rows in the order they were first touched. */
  readonly touched: Int32Array;
  /** Gradients of the touched rows, one after the other, `dim` each. Replaced when it grows: read it after `place`. */
  values: Float32Array;
  count = 0;
  /** 1 + place of a row among the touched ones; 0 for the others. */
  private readonly slots: Int32Array;

  constructor(rows: number, dim: number, share: RowShare = ALL_ROWS) {
    const most = Math.ceil(rows / share.of);
    this.dim = dim;
    this.share = share;
    this.slots = new Int32Array(most);
    this.touched = new Int32Array(most);
    this.values = new Float32Array(Math.min(most, 1024) * dim);
  }

  /** Where in `values` the gradient of a row of the share starts; the row counts as touched from now on. */
  place(row: number): number {
    const own = this.share.of === 1 ? row : Math.trunc(row / this.share.of);
    let slot = this.slots[own]!;
    if (slot === 0) {
      this.touched[this.count++] = row;
      slot = this.count;
      this.slots[own] = slot;
      if (this.count * this.dim > this.values.length) {
        const grown = new Float32Array(Math.min(2 * this.values.length, this.slots.length * this.dim));
        grown.set(this.values);
        this.values = grown;
      }
    }
    return (slot - 1) * this.dim;
  }

  /** Whether a row of the share, the `own`-th of it, was touched. */
  has(own: number): boolean {
    return this.slots[own] !== 0;
  }

  /** Forgets everything, ready for the next batch. */
  clear(): void {
    this.values.fill(0, 0, this.count * this.dim);
    for (let i = 0; i < this.count; i++) this.slots[Math.trunc(this.touched[i]! / this.share.of)] = 0;
    this.count = 0;
  }
}
