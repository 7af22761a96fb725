// The gradient of an embedding table, kept only for the rows that a batch touched.

export class TableGradient {
  readonly dim: number;
  /** Touched rows in the order they were first touched. */
  readonly touched: Int32Array;
  /** Gradients of the touched rows, one after the other, `dim` each. Replaced when it grows: read it after `place`. */
  values: Float32Array;
  count = 0;
  /** 1 + place of a row among the touched ones; 0 for the others. */
  private readonly slots: Int32Array;

  constructor(rows: number, dim: number) {
    this.dim = dim;
    this.slots = new Int32Array(rows);
    this.touched = new Int32Array(rows);
    this.values = new Float32Array(Math.min(rows, 1024) * dim);
  }

  /** Where in `values` the gradient of a row starts; the row counts as touched from now on. */
  place(row: number): number {
    let slot = this.slots[row]!;
    if (slot === 0) {
      this.touched[this.count++] = row;
      slot = this.count;
      this.slots[row] = slot;
      if (this.count * this.dim > this.values.length) {
        const grown = new Float32Array(Math.min(2 * this.values.length, this.slots.length * this.dim));
        grown.set(this.values);
        this.values = grown;
      }
    }
    return (slot - 1) * this.dim;
  }

  /** Forgets everything, ready for the next batch. */
  clear(): void {
    this.values.fill(0, 0, this.count * this.dim);
    for (let i = 0; i < this.count; i++) this.slots[this.touched[i]!] = 0;
    this.count = 0;
  }
}
