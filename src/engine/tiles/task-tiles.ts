// Lays episodes out as padded tiles.

import { episodeGroups, type MetaPart, type Model } from '../../models/contract/definition.js';
import { HALVING_ROWS, type Pooling } from '../../models/contract/pooling.js';
import type { EventShard } from '../../prepared/dataset.js';
import { collectGroup, type FeatureSource, type RowRefs, valuesOf } from '../features/feature-source.js';
import type { Episode } from './episode.js';
import { type HideId, rowGroups } from './row-groups.js';
import type { Tile, TileGroup } from './tile.js';

/** The support side of a tile: groups `task.*` and `support.*`, tensors `support.label`, `.mask` and `.pool`. */
export function supportSide(
  model: Model,
  use: Pick<MetaPart, 'pooling'>,
  episodes: readonly Episode[],
  shard: EventShard,
  source: FeatureSource,
  hideId?: HideId,
): Tile {
  const tasks = episodes.length;
  const width = Math.max(1, ...episodes.map((episode) => episode.support.length));
  const rows = padRows(
    episodes.map((episode) => episode.support),
    width,
  );
  return {
    groups: [
      ...taskGroups(model, episodes, shard, source),
      ...rowGroups('support', model, rows, [tasks, width], shard, source, hideId, episodeGroups(model)),
    ],
    tensors: supportTensors(use, episodes, width, shard),
  };
}

/** The groups `task.*` of a tile. */
export function taskGroups(
  model: Model,
  episodes: readonly Episode[],
  shard: EventShard,
  source: FeatureSource,
): TileGroup[] {
  const tasks = episodes.length;
  const entities = Int32Array.from(episodes, (episode) => episode.entity);
  const none = new Int32Array(tasks).fill(-1);
  const task: RowRefs = { entity: entities, item: none, event: none };
  return model.taskGroups.map((group) => ({
    input: `task.${group.name}`,
    group: group.name,
    leading: [tasks, 1],
    rows: collectGroup(group, task, source, shard),
  }));
}

/** The tensors `support.label`, `.mask` and `.pool` [tasks, width, 1] of a tile. */
export function supportTensors(
  use: Pick<MetaPart, 'pooling'>,
  episodes: readonly Episode[],
  width: number,
  shard: EventShard,
): Tile['tensors'] {
  const tasks = episodes.length;
  const label = new Float32Array(tasks * width);
  const mask = new Float32Array(tasks * width);
  const pool = new Float32Array(tasks * width);
  episodes.forEach((episode, t) => {
    const n = episode.support.length;
    const weights = poolWeights(use.pooling, n);
    for (let i = 0; i < n; i++) {
      label[t * width + i] = episode.supportLabel?.[i] ?? shard.label[episode.support[i]!]!;
      mask[t * width + i] = 1;
      pool[t * width + i] = weights[i]!;
    }
  });
  const shape = [tasks, width, 1];
  return {
    'support.label': { data: label, shape },
    'support.mask': { data: mask, shape },
    'support.pool': { data: pool, shape },
  };
}

/** A whole training tile; every query row weighs `rowWeight`. */
export function taskTile(
  model: Model,
  use: Pick<MetaPart, 'pooling'>,
  episodes: readonly Episode[],
  shard: EventShard,
  source: FeatureSource,
  rowWeight: number,
  hideId?: HideId,
): Tile {
  const { rows, shape, ...side } = bothSides(model, use, episodes, shard, source, hideId);
  const weight = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) weight[i] = rows[i]! < 0 ? 0 : rowWeight;
  return {
    groups: side.groups,
    tensors: {
      ...side.tensors,
      label: { data: valuesOf(shard.label, rows, 0), shape },
      weight: { data: weight, shape },
    },
  };
}

/** A tile for scoring: both sides, and no labels of query rows. */
export function scoredTile(
  model: Model,
  use: Pick<MetaPart, 'pooling'>,
  episodes: readonly Episode[],
  shard: EventShard,
  source: FeatureSource,
): Tile {
  const { groups, tensors } = bothSides(model, use, episodes, shard, source);
  return { groups, tensors };
}

interface BothSides extends Tile {
  /** [tasks × query] the query rows, −1 for padding. */
  readonly rows: Int32Array;
  /** [tasks, query, 1] */
  readonly shape: readonly number[];
}

/** The support side and the groups `query.*` of the query rows. */
function bothSides(
  model: Model,
  use: Pick<MetaPart, 'pooling'>,
  episodes: readonly Episode[],
  shard: EventShard,
  source: FeatureSource,
  hideId?: HideId,
): BothSides {
  const side = supportSide(model, use, episodes, shard, source, hideId);
  const width = Math.max(...episodes.map((episode) => episode.query.length));
  const rows = padRows(
    episodes.map((episode) => episode.query),
    width,
  );
  const leading = [episodes.length, width];
  const query = rowGroups('query', model, rows, leading, shard, source, hideId, episodeGroups(model));
  return { ...side, groups: [...side.groups, ...query], rows, shape: [episodes.length, width, 1] };
}

function padRows(lists: readonly Int32Array[], width: number): Int32Array {
  const padded = new Int32Array(lists.length * width).fill(-1);
  lists.forEach((list, i) => {
    padded.set(list, i * width);
  });
  return padded;
}

/** Weights that pool n support rows in time order: equal, the last one only, or halving every ten rows back. */
export function poolWeights(pooling: Pooling, n: number): Float32Array {
  if (pooling === 'mean') return new Float32Array(n).fill(1 / n);
  const raw = Float32Array.from({ length: n }, (_, i) =>
    pooling === 'last' ? (i === n - 1 ? 1 : 0) : 0.5 ** ((n - 1 - i) / HALVING_ROWS),
  );
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  return raw.map((weight) => weight / total);
}
