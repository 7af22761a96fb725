// Lays a sparse batch out as padded tiles, as src/engine/task-tiles.ts does with a prepared data set.
import type { GroupRows } from '../../src/engine/features/feature-source.js';
import { bucketTasks } from '../../src/engine/tiles/bucket-tasks.js';
import type { Tile } from '../../src/engine/tiles/tile.js';
import type { Shaped } from '../workloads/arrays.js';

/** Rows of one tile at most; 2,048 is what `execution.tileRows` defaults to. */
const TILE_ROWS = 2048;

/** See bench/workloads/sparse-meta.ts. */
export type SparseBatch = Readonly<
  Record<'entities' | 'offsets' | 'supportItems' | 'supportLabels', Shaped> &
    Partial<Record<'queryItems' | 'queryLabels', Shaped>>
>;

interface SparseTile {
  readonly tile: Tile;
  /** Places in the batch of the tile's tasks. */
  readonly places: readonly number[];
}

/** One index array a field, read from `rows` of a [*, fields] array; row −1 is padding. */
function fieldRows(indices: Shaped, rows: Int32Array, fields: number): GroupRows {
  const { data } = indices;
  return {
    rows: rows.length,
    fields: Array.from({ length: fields }, (_, f) => {
      const column = new Int32Array(rows.length);
      for (let i = 0; i < rows.length; i++) column[i] = rows[i]! < 0 ? -1 : data[rows[i]! * fields + f]!;
      return { kind: 'categorical', indices: column };
    }),
  };
}

/** `values` at each of `rows`, 0 for padding. */
function picked(values: ArrayLike<number>, rows: Int32Array): Float32Array {
  const found = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) found[i] = rows[i]! < 0 ? 0 : values[rows[i]!]!;
  return found;
}

function masked(rows: Int32Array): Float32Array {
  const mask = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) mask[i] = rows[i]! < 0 ? 0 : 1;
  return mask;
}

function range(from: number, to: number): Int32Array {
  const all = new Int32Array(to - from);
  for (let i = 0; i < all.length; i++) all[i] = from + i;
  return all;
}

/** The tiles of a batch, each made when it is asked for. */
export function* sparseTiles(
  batch: SparseBatch,
  numbers: Readonly<Record<string, number>>,
): Generator<SparseTile> {
  const tasks = numbers['tasks']!;
  const query = batch.queryItems === undefined ? 0 : numbers['query']!;
  const offsets = batch.offsets.data as Int32Array;
  const episodes = Array.from({ length: tasks }, (_, t) => ({
    entity: t,
    support: range(offsets[t]!, offsets[t + 1]!),
    query: range(t * query, (t + 1) * query),
  }));
  for (const places of bucketTasks(episodes, TILE_ROWS)) {
    const chosen = places.map((place) => episodes[place]!);
    const width = Math.max(1, ...chosen.map(({ support }) => support.length));
    const rows = new Int32Array(places.length * width).fill(-1);
    chosen.forEach(({ support }, i) => {
      rows.set(support, i * width);
    });
    const shape = [places.length, width, 1];
    const tensors: Record<string, { data: Float32Array; shape: readonly number[] }> = {
      'support.label': {
        data: picked(batch.supportLabels.data, rows),
        shape,
      },
      'support.mask': { data: masked(rows), shape },
    };
    const groups = [
      {
        input: 'task.entity',
        group: 'entity',
        leading: [places.length, 1],
        rows: fieldRows(batch.entities, Int32Array.from(places), numbers['entityFeatures']!),
      },
      {
        input: 'support.item',
        group: 'item',
        leading: [places.length, width],
        rows: fieldRows(batch.supportItems, rows, numbers['itemFeatures']!),
      },
    ];
    if (batch.queryItems !== undefined) {
      const queryRows = new Int32Array(chosen.length * query);
      chosen.forEach((episode, i) => {
        queryRows.set(episode.query, i * query);
      });
      const leading = [places.length, query];
      const labels = picked(batch.queryLabels!.data, queryRows);
      tensors['label'] = { data: labels, shape: [...leading, 1] };
      const weight = new Float32Array(queryRows.length).fill(1 / (tasks * query));
      tensors['weight'] = { data: weight, shape: [...leading, 1] };
      groups.push({
        input: 'query.item',
        group: 'item',
        leading,
        rows: fieldRows(batch.queryItems, queryRows, numbers['itemFeatures']!),
      });
    }
    yield { tile: { groups, tensors }, places };
  }
}
