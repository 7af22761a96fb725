// The optimiser step of embedding tables: gradients by encoded rows summed a table row. Only touched rows are updated, unless the
// tables have an L2 penalty over all rows, which moves the others too.
import type { Model } from '../../models/contract/definition.js';
import type { FieldGroup } from '../../models/contract/fields.js';
import type { Tables } from '../features/encode-group.js';
import { fetchRows, ROWS_AHEAD } from '../features/table-rows.js';
import type { Tile } from '../tiles/tile.js';
import type { Moment, Optimizer, OptimizerSlots } from './optimizer.js';
import { optimizersOf } from './optimizers.js';
import { scatterGroup } from './scatter-group.js';
import { ALL_ROWS, type RowShare, TableGradient } from './table-gradient.js';

/** Gradients by the encoded rows of a tile's groups, by graph input, [rows × width]. */
export type RowGradients = Readonly<Record<string, Float32Array>>;

/** The parts of a model that its tables' updates need; plain data. */
export type TableSide = Pick<Model, 'name' | 'tables' | 'optimizers'>;

/**
 * Updates a share of every table's rows. Each row's gradient is summed in tile order and updated alone, so how the rows
 * are shared out never changes a byte.
 */
export class TableUpdate {
  private readonly side: TableSide;
  private readonly groups: ReadonlyMap<string, FieldGroup>;
  private readonly optimizerOf: ReturnType<typeof optimizersOf>;
  private readonly gradients: ReadonlyMap<string, TableGradient>;

  constructor(side: TableSide, groups: ReadonlyMap<string, FieldGroup>, share: RowShare = ALL_ROWS) {
    this.side = side;
    this.groups = groups;
    this.optimizerOf = optimizersOf(side);
    this.gradients = new Map(side.tables.map(({ name, dim }) => [name, new TableGradient(dim, share)]));
  }

  /** One step. `gradients` has an entry a tile; `slots` and `tables` are updated in place. */
  apply(
    tiles: readonly Tile[],
    gradients: readonly RowGradients[],
    tables: Tables,
    slots: ReadonlyMap<string, OptimizerSlots>,
    moment: Moment,
  ): void {
    for (const gradient of this.gradients.values()) gradient.clear();
    tiles.forEach((tile, t) => {
      for (const { input, group, rows } of tile.groups)
        scatterGroup(this.groups.get(group)!, rows, gradients[t]![input]!, this.gradients);
    });
    for (const { name, optimizer: key } of this.side.tables) {
      const update: UpdatedTable = {
        gradient: this.gradients.get(name)!,
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
  readonly gradient: TableGradient;
  readonly optimizer: Optimizer;
  readonly values: Float32Array;
  readonly slots: OptimizerSlots;
  readonly moment: Moment;
}

function updateTouched({ gradient: summed, optimizer, values, slots, moment }: UpdatedTable): void {
  const { dim, touched, count, values: gradient } = summed;
  for (let start = 0; start < count; start += ROWS_AHEAD) {
    const end = Math.min(start + ROWS_AHEAD, count);
    fetchRows(values, touched, start, end, dim);
    for (const slot of slots) fetchRows(slot, touched, start, end, dim);
    for (let i = start; i < end; i++)
      optimizer.update(values, touched[i]! * dim, dim, gradient, i * dim, slots, moment);
  }
}

/** Rows of the share that no row of the batch reads: their gradient is the penalty's alone. */
function updateUntouched({ gradient, optimizer, values, slots, moment }: UpdatedTable): void {
  const { dim, share } = gradient;
  const none = new Float32Array(dim);
  const rows = values.length / dim;
  for (let row = share.index; row < rows; row += share.of)
    if (!gradient.has(row)) optimizer.update(values, row * dim, dim, none, 0, slots, moment);
}
