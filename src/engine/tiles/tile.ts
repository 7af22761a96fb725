// A tile: the piece of a batch that one run of a program takes. Plain data, so it can be posted to a worker.
import type { GroupRows } from '../features/feature-source.js';

export interface TileGroup {
  /** Graph input to feed, e.g. `query.item`. */
  readonly input: string;
  /** Name of the field group that encodes it. */
  readonly group: string;
  /** Leading sizes of the input; the width follows. */
  readonly leading: readonly number[];
  readonly rows: GroupRows;
}

/** The mask of a hidden layer: the name of its dropout, its shape, and the share of zeros. */
export interface TileMask {
  readonly name: string;
  readonly shape: readonly number[];
  readonly rate: number;
}

/** Rows of a matrix that many tiles read: picked by whoever runs the tile, fed as [rows, size]. */
interface PickedRows {
  /** [* × size]. It and `rows` lie in shared memory where a tile goes to a worker, or they would be copied with each tile. */
  readonly values: Float32Array;
  readonly rows: Int32Array;
  readonly size: number;
}

export interface Tile {
  readonly groups: readonly TileGroup[];
  /** Fed as they are. They may lie in shared memory, which is posted to a worker without copying. */
  readonly tensors: Readonly<
    Record<string, { readonly data: Float32Array | BigInt64Array; readonly shape: readonly number[] }>
  >;
  /** By graph input. */
  readonly picked?: Readonly<Record<string, PickedRows>>;
  /** State of the random stream that draws dropout masks; absent outside training. */
  readonly dropout?: readonly [number, number, number, number];
  /**
   * Where the tile's rows lie in the block whose masks are drawn: from which row on, of how many. Absent where the tile is the block.
   * Workers draw the masks of the whole block and keep their own, so that they do not hang on how it was cut.
   */
  readonly within?: { readonly from: number; readonly of: number };
  /** Masks of hidden layers, drawn from that stream after those of the groups. */
  readonly masks?: readonly TileMask[];
}

/** Outputs of the program by name. */
export type TileResult = Readonly<Record<string, Float32Array>>;
