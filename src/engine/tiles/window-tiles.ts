// Tiles of windows: support sides of episodes that have most of their rows in common, each row encoded once.
import { episodeGroups, type MetaPart, type Model } from '../../models/contract/definition.js';
import type { EventShard } from '../../prepared/dataset.js';
import type { FeatureSource } from '../features/feature-source.js';
import type { Episode } from './episode.js';
import { rowGroups } from './row-groups.js';
import { supportTensors, taskGroups } from './task-tiles.js';
import type { Tile } from './tile.js';

/** Padded rows for each real one at most, in a tile that is not small. */
const PADDING = 1.2;
/** Share of `tileRows` from which on a tile counts as large enough to be ended for its padding. */
const SMALL = 1 / 4;

/**
 * Places of episodes in tiles, in their order: windows of an entity in the order of time have most rows in common, and about as many.
 * A tile has at most `tileRows` padded rows; a single episode may exceed it.
 */
export function bucketWindows(episodes: readonly Episode[], tileRows: number): number[][] {
  const tiles: number[][] = [];
  let [widest, rows] = [0, 0];
  episodes.forEach(({ support }, place) => {
    const tile = tiles.at(-1);
    const width = Math.max(widest, support.length, 1);
    const padded = width * (1 + (tile?.length ?? 0));
    const wasteful = padded > PADDING * (rows + support.length) && padded > SMALL * tileRows;
    if (tile === undefined || padded > tileRows || wasteful) {
      tiles.push([place]);
      [widest, rows] = [Math.max(1, support.length), support.length];
    } else {
      tile.push(place);
      [widest, rows] = [width, rows + support.length];
    }
  });
  return tiles;
}

/**
 * The support side of a tile with every row encoded once: groups `known.*` of the distinct rows, the tensor `support.place` says which of
 * them each support row is, the rest is as in `supportSide`.
 */
export function windowTile(
  model: Model,
  use: Pick<MetaPart, 'pooling'>,
  episodes: readonly Episode[],
  shard: EventShard,
  source: FeatureSource,
): Tile {
  const width = Math.max(1, ...episodes.map(({ support }) => support.length));
  const { known, places } = distinctRows(episodes, width);
  return {
    groups: [
      ...taskGroups(model, episodes, shard, source),
      ...rowGroups('known', model, known, [known.length], shard, source, undefined, episodeGroups(model)),
    ],
    tensors: {
      ...supportTensors(use, episodes, width, shard),
      'support.place': { data: places, shape: [episodes.length, width] },
    },
  };
}

/** The distinct support rows, and of each place [episodes × width] which one it is; padding is the first, which its mask leaves out. */
function distinctRows(
  episodes: readonly Episode[],
  width: number,
): { readonly known: Int32Array; readonly places: BigInt64Array } {
  let [least, most] = [Number.POSITIVE_INFINITY, -1];
  for (const { support } of episodes)
    for (const row of support) [least, most] = [Math.min(least, row), Math.max(most, row)];
  const places = new BigInt64Array(episodes.length * width);
  // A row of padding, where there is no support at all.
  if (most < 0) return { known: Int32Array.of(-1), places };
  // Entities that follow one another lie beside each other in a shard: the range is little more than the rows.
  const numbers = new Int32Array(most - least + 1);
  // Half of each place, the lower one: a BigInt made for every place costs more than all the rest.
  const halves = new Int32Array(places.buffer);
  const known = new Int32Array(Math.min(numbers.length, places.length));
  let count = 0;
  episodes.forEach(({ support }, e) => {
    for (let i = 0; i < support.length; i++) {
      const at = support[i]! - least;
      if (numbers[at] === 0) {
        known[count++] = support[i]!;
        numbers[at] = count;
      }
      halves[2 * (e * width + i)] = numbers[at]! - 1;
    }
  });
  return { known: known.subarray(0, count), places };
}
