// Gradients by encoded rows summed a table row, in tile order: the adjoint of `encodeGroup`.
import type { FieldGroup, GroupField } from '../../models/contract/fields.js';
import type { FieldRows } from '../features/feature-source.js';
import type { Tile } from '../tiles/tile.js';
import { addRowsKernel } from './kernels/add-rows-kernel.js';
import type { TouchedRows } from './touched-rows.js';

/** Gradients by the encoded rows of a tile's groups, by graph input, [rows × width]. */
export type RowGradients = Readonly<Record<string, Float32Array>>;

/** The rows of one field in one tile. */
interface Part {
  readonly column: Exclude<FieldRows, { kind: 'numeric' }>;
  readonly rows: number;
  readonly dim: number;
  /** Place of the first row's gradient in the memory, and from one row to the next, in floats. */
  readonly from: number;
  readonly width: number;
}

const BYTES = 4;
const START_BYTES = 1 << 20;

/** One batch at a time, in memory of its own: the gradients, then the places of a field's rows, then the sums of a table. */
export class RowSums {
  private readonly groups: ReadonlyMap<string, FieldGroup>;
  private readonly kernel = addRowsKernel(START_BYTES);
  /** By table, in tile order. */
  private parts = new Map<string, Part[]>();
  /** Floats before the places, and before the sums. */
  private places = 0;
  private sums = 0;

  constructor(groups: ReadonlyMap<string, FieldGroup>) {
    this.groups = groups;
  }

  /** Takes the gradients of a batch in, an entry a tile. What `of` gave before is of no use any more. */
  hold(tiles: readonly Tile[], gradients: readonly RowGradients[]): void {
    this.parts = new Map();
    const held: { readonly at: number; readonly gradient: Float32Array }[] = [];
    let at = 0;
    let mostRows = 0;
    tiles.forEach((tile, t) => {
      for (const { input, group, rows } of tile.groups) {
        const { fields, width } = this.groups.get(group)!;
        const gradient = gradients[t]![input]!;
        held.push({ at, gradient });
        mostRows = Math.max(mostRows, rows.rows);
        for (const [f, field] of fields.entries()) this.note(field, rows.fields[f]!, rows.rows, at, width);
        at += gradient.length;
      }
    });
    this.places = at;
    this.sums = at + mostRows;
    const sizes = [...this.parts.values()].map((parts) =>
      parts.reduce((size, { column, dim }) => size + column.indices.length * dim, 0),
    );
    const memory = this.kernel.memory(BYTES * (this.sums + Math.max(0, ...sizes)));
    const floats = new Float32Array(memory);
    for (const { at: place, gradient } of held) floats.set(gradient, place);
  }

  private note(
    { table, dim, offset }: GroupField,
    column: FieldRows,
    rows: number,
    at: number,
    width: number,
  ): void {
    if (table === null || column.kind === 'numeric') return;
    const parts = this.parts.get(table) ?? [];
    parts.push({ column, rows, dim, from: at + offset, width });
    this.parts.set(table, parts);
  }

  /**
   * The sums of a table's rows that are in the share of `touched`, [touched rows × dim], which hold until the next table is asked for.
   * Those rows are `touched` afterwards.
   */
  of(table: string, touched: TouchedRows): Float32Array {
    touched.clear();
    const floats = new Float32Array(this.kernel.memory());
    let end = this.sums;
    for (const part of this.parts.get(table) ?? []) {
      // A row's sum starts at zero when the row is first touched.
      const places = this.placesOf(part, touched);
      const grown = this.sums + touched.count * part.dim;
      floats.fill(0, end, grown);
      end = grown;
      if (part.column.kind === 'categorical') this.addCategorical(part);
      else this.addMeans(part, part.column.offsets, places, floats);
    }
    return floats.subarray(this.sums, end);
  }

  /** Where the sum of each index starts, −1 of those of others; of a field with one value a row in the kernel's memory, in bytes. */
  private placesOf({ column: { kind, indices }, dim }: Part, touched: TouchedRows): Int32Array {
    const { index: own, of } = touched.share;
    const single = kind === 'categorical';
    const places = single
      ? new Int32Array(this.kernel.memory(), BYTES * this.places, indices.length)
      : new Int32Array(indices.length);
    const size = single ? BYTES * dim : dim;
    for (let i = 0; i < indices.length; i++) {
      const index = indices[i]!;
      places[i] = index < 0 || (of > 1 && index % of !== own) ? -1 : touched.place(index) * size;
    }
    return places;
  }

  private addCategorical({ rows, dim, from, width }: Part): void {
    if (rows === 0) return;
    const [sums, places] = [BYTES * this.sums, BYTES * this.places];
    const length = BYTES * dim;
    this.kernel.run(sums, places, places + BYTES * rows, BYTES * from, BYTES * width, length, length & ~15);
  }

  /** Each of a row's values gets an equal share of its gradient. */
  private addMeans(
    { rows, dim, from, width }: Part,
    offsets: Int32Array,
    places: Int32Array,
    floats: Float32Array,
  ): void {
    for (let i = 0, at = from; i < rows; i++, at += width) {
      const start = offsets[i]!;
      const end = offsets[i + 1]!;
      const scale = 1 / (end - start);
      for (let j = start; j < end; j++) {
        if (places[j]! < 0) continue;
        const to = this.sums + places[j]!;
        for (let d = 0; d < dim; d++) floats[to + d]! += scale * floats[at + d]!;
      }
    }
  }
}
