// Gradients by encoded rows summed a table row, in tile order: the adjoint of `encodeGroup`.
import type { FieldGroup, GroupField } from '../../models/contract/fields.js';
import type { FieldRows, GroupRows } from '../features/feature-source.js';
import { KeptBytes, KernelMemory } from '../memory/kernel-memory.js';
import type { Tile } from '../tiles/tile.js';
import { addRowsKernel } from './kernels/add-rows-kernel.js';
import type { Kernel } from './kernels/module.js';
import type { TouchedRows } from './touched-rows.js';

/** Gradients by the encoded rows of a tile's groups, by graph input, [rows × width]. */
export type RowGradients = Readonly<Record<string, Float32Array>>;

/** The rows of one field in one tile. */
interface Part {
  readonly column: Exclude<FieldRows, { kind: 'numeric' }>;
  readonly rows: number;
  readonly dim: number;
  /** Place of the first row's gradient in the memory, and how far it is to the next, in floats. */
  readonly from: number;
  readonly width: number;
}

/** One input of one tile. */
interface HeldInput {
  readonly rows: GroupRows;
  readonly gradient: Float32Array;
  readonly layout: FieldGroup;
}

const BYTES = 4;

/** One batch at a time: in kept memory the gradients that lie elsewhere, then the places of a field's rows, then the sums of a table. */
export class RowSums {
  private readonly groups: ReadonlyMap<string, FieldGroup>;
  private readonly memory: KernelMemory;
  private readonly kept: KeptBytes;
  private readonly run: Kernel;
  /** By table, in tile order. */
  private parts = new Map<string, Part[]>();
  /** Floats before the places, and before the sums. */
  private places = 0;
  private sums = 0;

  constructor(groups: ReadonlyMap<string, FieldGroup>, memory = new KernelMemory()) {
    this.groups = groups;
    this.memory = memory;
    this.kept = new KeptBytes(memory);
    this.run = addRowsKernel(memory);
  }

  /** Takes the gradients of a batch in, an entry a tile. What `of` gave before is of no use any more. */
  hold(tiles: readonly Tile[], gradients: readonly RowGradients[]): void {
    const inputs = tiles.flatMap((tile, t) =>
      tile.groups.map(
        ({ input, group, rows }): HeldInput => ({
          rows,
          gradient: gradients[t]![input]!,
          layout: this.groups.get(group)!,
        }),
      ),
    );
    const elsewhere = inputs.filter(({ gradient }) => this.memory.addressOf(gradient) === undefined);
    const copied = elsewhere.reduce((size, { gradient }) => size + gradient.length, 0);
    const mostRows = Math.max(0, ...inputs.map(({ rows }) => rows.rows));
    const most = Math.max(0, ...mostSums(inputs));
    const start = this.kept.atLeast(BYTES * (copied + mostRows + most)) / BYTES;
    this.places = start + copied;
    this.sums = this.places + mostRows;
    this.parts = new Map();
    const floats = new Float32Array(this.memory.buffer());
    let free = start;
    for (const { rows, gradient, layout } of inputs) {
      const there = this.memory.addressOf(gradient);
      const at = there === undefined ? free : there / BYTES;
      if (there === undefined) {
        floats.set(gradient, free);
        free += gradient.length;
      }
      for (const [f, field] of layout.fields.entries())
        this.note(field, rows.fields[f]!, rows.rows, at, layout.width);
    }
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
    const floats = new Float32Array(this.memory.buffer());
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
    const single = kind === 'categorical';
    const places = single
      ? new Int32Array(this.memory.buffer(), BYTES * this.places, indices.length)
      : new Int32Array(indices.length);
    const size = single ? BYTES * dim : dim;
    touched.placesOf(indices, size, places);
    return places;
  }

  private addCategorical({ rows, dim, from, width }: Part): void {
    if (rows === 0) return;
    const [sums, places] = [BYTES * this.sums, BYTES * this.places];
    const length = BYTES * dim;
    this.run(sums, places, places + BYTES * rows, BYTES * from, BYTES * width, length, length & ~15);
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

/** The most floats that the sums of each table may be, all of its rows different ones. */
function mostSums(inputs: readonly HeldInput[]): Iterable<number> {
  const sizes = new Map<string, number>();
  for (const { rows, layout } of inputs)
    for (const [f, { table, dim }] of layout.fields.entries()) {
      const column = rows.fields[f]!;
      if (table !== null && column.kind !== 'numeric')
        sizes.set(table, (sizes.get(table) ?? 0) + column.indices.length * dim);
    }
  return sizes.values();
}
