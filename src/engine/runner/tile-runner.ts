// Runs the tiles of a batch, in this thread or spread over worker threads. Results come back in tile order, and every
// tile is summed in that order: the number of workers never changes a byte of the outcome.
import type { Program } from '../../runtime/executor.js';
import type { ProgramKey } from '../programs/program-key.js';
import type { Tile, TileResult } from '../tiles/tile.js';
import type { Moment } from '../update/optimizer.js';
import type { Learning } from '../update/outer-update.js';

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
   * One outer step: the tiles run through the program `train`, and the state and `learning.slots` moved by their gradients. Gives the
   * loss of each tile. Where one is not finite nothing is moved, and no later step is taken. A step may be begun while the one
   * before it is under way, of which it sees the outcome; state and slots are to be read when none is. Throws InternalError for a
   * step that is not taken.
   */
  step(tiles: readonly Tile[], learning: Learning, moment: Moment): Promise<readonly number[]>;
  close(): Promise<void>;
}
