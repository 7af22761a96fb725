// A batch of tiles, and what is drawn for it.
import type { Tile } from '../engine/tiles/tile.js';
import type { Model } from '../models/contract/definition.js';
import type { RandomStream } from '../random.js';
import type { SupportStep } from '../scoring/support.js';

export interface Batch {
  readonly tiles: readonly Tile[];
  /** Tasks (or rows, of a model that learns by rows) in the batch. */
  readonly units: number;
}

export interface EpochOptions {
  readonly seed: number;
  /** `select` or `refit`: part of the random streams' names. */
  readonly phase: string;
  readonly epoch: number;
  readonly learn: readonly number[];
  readonly tileRows: number;
  /** What is done to a drawn support: nothing, or the placebo. */
  readonly placebo: readonly SupportStep[];
}

/** The state that a tile's dropout masks are drawn from; nothing where no group has dropout. */
export function dropoutState(model: Model, stream: RandomStream): Pick<Tile, 'dropout'> {
  const groups = [...model.taskGroups, ...model.rowGroups];
  if (groups.every((group) => group.dropout === 0)) return {};
  // A stream of its own, so that masks can be drawn in a worker.
  const word = (): number => stream.integer(4294967296) | 0;
  return { dropout: [word(), word(), word(), word()] };
}
