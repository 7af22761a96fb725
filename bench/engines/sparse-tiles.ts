// Lays a sparse batch out as padded tiles, as src/training/task-tiles.ts does with a prepared data set.
import type { GroupRows } from '../../src/training/feature-source.js';
import { bucketTasks } from '../../src/training/task-tiles.js';
import type { Tile } from '../../src/training/tile.js';
import type { Shaped } from '../workloads/arrays.js';

/** Rows of one tile at most; 2,048 is what `training.tileRows` defaults to. */
const TILE_ROWS = 2048;

/** See bench/workloads/sparse-meta.ts. */
export type SparseBatch = Readonly<
  Record<'entities' | 'offsets' | 'supportItems' | 'supportLabels', Shaped> &
    Partial<Record<'queryItems' | 'queryLabels', Shaped>>
>;

export interface SparseTile {
  readonly tile: Tile;
  /** Places in the batch of the tile's tasks. */
  readonly places: readonly number[];
}

/** One index array a field, read from `rows` of a [*, fields] array; row −1 is padding. */
export function fieldRows(indices: Shaped, rows: Int32Array, fields: number): GroupRows {
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

export function sparseTiles(batch: SparseBatch, numbers: Readonly<Record<string, number>>): SparseTile[] {
  const tasks = numbers['tasks']!;
  const query = batch.queryItems === undefined ? 0 : numbers['query']!;
  const offsets = batch.offsets.data as Int32Array;
  const range = (from: number, to: number): Int32Array =>
    Int32Array.from({ length: to - from }, (_, i) => from + i);
  const episodes = Array.from({ length: tasks }, (_, t) => ({
    entity: t,
    support: range(offsets[t]!, offsets[t + 1]!),
    query: range(t * query, (t + 1) * query),
  }));
  return bucketTasks(episodes, TILE_ROWS).map((places) => {
    const chosen = places.map((place) => episodes[place]!);
    const width = Math.max(1, ...chosen.map(({ support }) => support.length));
    const rows = new Int32Array(places.length * width).fill(-1);
    chosen.forEach(({ support }, i) => {
      rows.set(support, i * width);
    });
    const shape = [places.length, width, 1];
    const tensors: Record<string, { data: Float32Array; shape: readonly number[] }> = {
      'support.label': {
        data: Float32Array.from(rows, (row) => (row < 0 ? 0 : batch.supportLabels.data[row]!)),
        shape,
      },
      'support.mask': { data: Float32Array.from(rows, (row) => (row < 0 ? 0 : 1)), shape },
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
      const queryRows = Int32Array.from(chosen.flatMap((episode) => [...episode.query]));
      const leading = [places.length, query];
      const labels = Float32Array.from(queryRows, (row) => batch.queryLabels!.data[row]!);
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
    return { tile: { groups, tensors }, places };
  });
}
