// A batch of tiles, and what is drawn for it.
import type { Tile } from '../engine/tiles/tile.js';
import type { Model } from '../models/contract/definition.js';
import type { RandomStream } from '../random.js';
import type { SupportStep } from '../scoring/support.js';
import type { SupportShares } from './support-shares.js';

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
  /** Of a model that learns by episodes: which supports are empty or short. */
  readonly supports?: SupportShares | undefined;
}

/**
 * What a tile's dropout masks are drawn from, hidden layers' being [...leading, width] like the rows that have labels; nothing
 * where the model has no dropout.
 */
export function dropoutState(
  model: Model,
  stream: RandomStream,
  leading: readonly number[],
): Pick<Tile, 'dropout' | 'masks'> {
  const { taskGroups, rowGroups, hiddenDropouts = [] } = model;
  const groups = [...taskGroups, ...rowGroups];
  if (hiddenDropouts.length === 0 && groups.every((group) => group.dropout === 0)) return {};
  // A stream of its own, so that masks can be drawn in a worker.
  const word = (): number => stream.integer(4294967296) | 0;
  const dropout = [word(), word(), word(), word()] as const;
  if (hiddenDropouts.length === 0) return { dropout };
  const masks = hiddenDropouts.map(({ name, width, rate }) => ({
    name,
    shape: [...leading, width],
    rate,
  }));
  return { dropout, masks };
}
