// Runs the tiles of a batch, in this thread or spread over worker threads. Results come back in tile order, and every
// tile is summed by the caller in that order: the number of workers never changes a byte of the outcome.
import type { Program } from '../../runtime/executor.js';
import type { ProgramKey } from '../programs/program-key.js';
import type { Tile, TileResult } from '../tiles/tile.js';
import type { Moment, OptimizerSlots } from '../update/optimizer.js';

/** A program that a runner is opened with. */
export interface OpenedProgram {
  readonly key: ProgramKey;
  readonly program: Program;
}

export interface TileRunner {
  /**
   * Runs the tiles through a program with the state's present values. Tiles that are made as they are asked for
   * are made while earlier ones run.
   */
  run(program: ProgramKey, tiles: Iterable<Tile>): Promise<TileResult[]>;
  /**
   * Runs the tiles of one outer step through the program `train`: `loss` and `d.<parameter>` of each, which hold until the next
   * run. Gradients by encoded rows stay where they were computed, for `updateTables`.
   */
  train(tiles: readonly Tile[]): Promise<TileResult[]>;
  /** Updates the tables by the tiles of the last `train`: the rows that they touched, or all of those with a penalty over all rows. */
  updateTables(slots: ReadonlyMap<string, OptimizerSlots>, moment: Moment): Promise<void>;
  close(): Promise<void>;
}
