// The update that ends an outer step: tables and dense parameters moved by the gradients of its tiles.
import type { FieldGroup } from '../../models/contract/fields.js';
import type { Tables } from '../features/encode-group.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import type { Tile, TileResult } from '../tiles/tile.js';
import { type DenseSide, DenseUpdate } from './dense-update.js';
import type { Moment, OptimizerSlots } from './optimizer.js';
import type { RowGradients } from './row-sums.js';
import type { StepParty } from './step-party.js';
import { type TableSide, TableUpdate } from './table-update.js';

/** The parts of a model that its update needs; plain data. */
export type UpdateSide = TableSide & DenseSide;

/** What steps change and keep besides the model's numbers. */
export interface Learning {
  /** By parameter or table name. */
  readonly slots: ReadonlyMap<string, OptimizerSlots>;
  /** Largest norm of the gradient of all dense parameters. */
  readonly clip: number;
}

interface Numbers {
  readonly parameters: ReadonlyMap<string, Float32Array>;
  readonly tables: Tables;
}

/** One party's share of the update. */
export class OuterUpdate {
  private readonly party: StepParty;
  private readonly tables: TableUpdate;
  private readonly dense: DenseUpdate;

  /** @param memory where numbers, slots and results may lie: those that do are worked on where they are */
  constructor(
    side: UpdateSide,
    groups: ReadonlyMap<string, FieldGroup>,
    party: StepParty,
    memory: KernelMemory,
  ) {
    this.party = party;
    this.tables = new TableUpdate(side, groups, party.share, memory);
    this.dense = new DenseUpdate(side, party, memory);
  }

  /**
   * To be called by all of the party when the results of all tiles are there. `numbers` and `slots` are updated in place, all of them
   * when all calls have returned. Where a loss is not finite nothing is touched, and it returns false.
   */
  apply(
    tiles: readonly Tile[],
    results: readonly TileResult[],
    { parameters, tables }: Numbers,
    { slots, clip }: Learning,
    moment: Moment,
  ): boolean {
    if (!results.every((result) => Number.isFinite(result['loss']![0]!))) return false;
    this.dense.sum(results);
    const gradients = results.map((result, t) => rowGradients(tiles[t]!, result));
    this.tables.apply(tiles, gradients, tables, slots, moment);
    this.party.meet();
    this.dense.apply(results, parameters, slots, clip, moment);
    return true;
  }
}

/** Of a training tile's results the gradients by encoded rows, by graph input. */
function rowGradients(tile: Tile, result: TileResult): RowGradients {
  return Object.fromEntries(tile.groups.map(({ input }) => [input, result[`d.${input}`]!]));
}
