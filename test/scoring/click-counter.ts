// A model without numbers, for tests of what is scored with what.
import type { TileRunner } from '../../src/engine/runner/tile-runner.js';
import type { Tile, TileResult } from '../../src/engine/tiles/tile.js';
import type { Model } from '../../src/models/contract/definition.js';

/** Its vector is the number of clicks in the support, and its score is that number. */
export const CLICKS = {
  name: 'clicks',
  taskGroups: [],
  rowGroups: [],
  adapts: [{ name: 'vector', side: 'entity', size: 1, pooling: 'mean' }],
} as unknown as Model;
export const CLICK_COUNTER: TileRunner = {
  async run({ kind }, tiles) {
    return Array.from(tiles, (tile) => (kind === 'adapt' ? clicks(tile) : probabilities(tile)));
  },
  step: () => Promise.reject(new Error('nothing is trained')),
  close: () => Promise.resolve(),
};

function clicks({ tensors }: Tile): TileResult {
  const { data, shape } = tensors['support.label']!;
  const [tasks, width] = shape as [number, number];
  const labels = data as Float32Array;
  const sum = (task: number): number =>
    labels.subarray(task * width, (task + 1) * width).reduce((total, label) => total + label, 0);
  return { vector: Float32Array.from({ length: tasks }, (_, task) => sum(task)) };
}

function probabilities({ picked }: Tile): TileResult {
  const { values, rows } = picked!['vector']!;
  return { probability: Float32Array.from(rows, (row) => values[row]!) };
}
