// The optimiser step of embedding tables: gradients by encoded rows summed a table row. Only touched rows are updated, unless the
// tables have an L2 penalty over all rows, which moves the others too.
import type { Model } from '../../models/contract/definition.js';
import type { FieldGroup } from '../../models/contract/fields.js';
import type { Tables } from '../features/encode-group.js';
import { fetchRows, ROWS_AHEAD } from '../features/table-rows.js';
import { KernelMemory } from '../memory/kernel-memory.js';
import type { Tile } from '../tiles/tile.js';
import type { Moment, Optimizer, OptimizerSlots } from './optimizer.js';
import { optimizersOf } from './optimizers.js';
import { type RowGradients, RowSums } from './row-sums.js';
import { sharedOut } from './shared-out.js';
import { ALL_ROWS, type RowShare, TouchedRows } from './touched-rows.js';

/** The parts of a model that its tables' updates need; plain data. */
export type TableSide = Pick<Model, 'name' | 'tables' | 'optimizers'>;

/**
 * Tables of at most so many rows are looked after whole: a batch touches all of their rows many times, and to tell which are one's own
 * costs more than to update them.
 */
const FEW_ROWS = 128;

/**
 * Updates a share of the tables, small ones whole and some rows of each large one. Each row's gradient is summed in tile order and
 * updated alone, so how the rows are shared out never changes a byte.
 */
export class TableUpdate {
  private readonly side: TableSide;
  private readonly optimizerOf: ReturnType<typeof optimizersOf>;
  private readonly sums: RowSums;
  /** By table that this share has rows of. */
  private readonly touched: ReadonlyMap<string, TouchedRows>;

  constructor(
    side: TableSide,
    groups: ReadonlyMap<string, FieldGroup>,
    share: RowShare = ALL_ROWS,
    memory = new KernelMemory(),
  ) {
    this.side = side;
    this.optimizerOf = optimizersOf(side, memory);
    this.sums = new RowSums(groups, memory);
    const small = side.tables.filter(({ rows }) => rows <= FEW_ROWS);
    const own = new Set(sharedOut(small, ({ dim }) => dim, share));
    this.touched = new Map(
      side.tables
        .filter((table) => table.rows > FEW_ROWS || own.has(table))
        .map((table) => [table.name, new TouchedRows(own.has(table) ? ALL_ROWS : share, table.rows)]),
    );
  }

  /** One step. `gradients` has an entry a tile; `slots` and `tables` are updated in place. */
  apply(
    tiles: readonly Tile[],
    gradients: readonly RowGradients[],
    tables: Tables,
    slots: ReadonlyMap<string, OptimizerSlots>,
    moment: Moment,
  ): void {
    if (this.side.tables.length === 0) return;
    this.sums.hold(tiles, gradients);
    for (const { name, dim, optimizer: key } of this.side.tables) {
      const touched = this.touched.get(name);
      if (touched === undefined) continue;
      const update: UpdatedTable = {
        dim,
        gradient: this.sums.of(name, touched),
        touched,
        optimizer: this.optimizerOf(key, 'table'),
        values: tables.get(name)!,
        slots: slots.get(name)!,
        moment,
      };
      updateTouched(update);
      if (this.side.optimizers[key]?.embeddingL2 !== undefined) updateUntouched(update);
    }
  }
}

interface UpdatedTable {
  readonly dim: number;
  /** Of the touched rows, one after the other. */
  readonly gradient: Float32Array;
  readonly touched: TouchedRows;
  readonly optimizer: Optimizer;
  readonly values: Float32Array;
  readonly slots: OptimizerSlots;
  readonly moment: Moment;
}

function updateTouched({ dim, gradient, touched, optimizer, values, slots, moment }: UpdatedTable): void {
  const rows = touched.rows.subarray(0, touched.count);
  const move = optimizer.rowsMover?.(rows, dim, values, gradient, slots, moment);
  for (let start = 0; start < rows.length; start += ROWS_AHEAD) {
    const end = Math.min(start + ROWS_AHEAD, rows.length);
    fetchRows(values, rows, start, end, dim);
    for (const slot of slots) fetchRows(slot, rows, start, end, dim);
    if (move !== undefined) move(start, end);
    else
      for (let i = start; i < end; i++)
        optimizer.update(values, rows[i]! * dim, dim, gradient, i * dim, slots, moment);
  }
}

/** Rows of the share that no row of the batch reads: their gradient is the penalty's alone. */
function updateUntouched({ dim, touched, optimizer, values, slots, moment }: UpdatedTable): void {
  const { share } = touched;
  const none = new Float32Array(dim);
  const rows = values.length / dim;
  for (let row = share.index; row < rows; row += share.of)
    if (!touched.has(row)) optimizer.update(values, row * dim, dim, none, 0, slots, moment);
}
