// Running averages by hand: tiles added up, a plain average at first, the momentum afterwards.
import { expect, it } from 'vitest';
import { sharedFloats } from '../../src/engine/model-state.js';
import { countName, sumName } from '../../src/engine/programs/training-pass.js';
import type { TileResult } from '../../src/engine/tiles/tile.js';
import { followAverages } from '../../src/engine/update/running-averages.js';
import type { ParameterSpec } from '../../src/models/contract/definition.js';

const SPEC: ParameterSpec = {
  name: 'mean',
  shape: [1, 2],
  init: { kind: 'constant', scale: 0 },
  decay: false,
  trained: false,
  running: { momentum: 0.75 },
};
const LEARNED: ParameterSpec = { ...SPEC, name: 'learned', trained: true };
const { running: _, ...PLAIN } = LEARNED;

const tile = (sum: readonly number[], count: number): TileResult => ({
  [sumName('mean')]: Float32Array.from(sum),
  [countName('mean')]: Float32Array.of(count),
});

function after(value: readonly number[], tiles: readonly TileResult[], step: number): number[] {
  const mean = sharedFloats(2);
  mean.set(value);
  const learned = sharedFloats(2).fill(5);
  const parameters = new Map([
    ['mean', mean],
    ['learned', learned],
  ]);
  followAverages([PLAIN, SPEC], parameters, tiles, step);
  expect([...learned]).toEqual([5, 5]);
  return [...mean];
}

it('takes the first batch whole, over the rows of all its tiles', () => {
  expect(after([100, 100], [tile([3, 6], 3), tile([5, 2], 1)], 1)).toEqual([2, 2]);
});

it('averages the first steps alike, then keeps the share of its momentum', () => {
  // Step 3 keeps two thirds, step 4 and all later ones three quarters.
  const third = after([3, 0], [tile([6, 3], 1)], 3);
  expect(third[0]).toBeCloseTo(4, 6);
  expect(third[1]).toBeCloseTo(1, 6);
  for (const step of [4, 5, 1000]) expect(after([4, 8], [tile([16, 0], 2)], step)).toEqual([5, 6]);
});

it('stays where there is nothing to count', () => {
  expect(after([3, 4], [tile([0, 0], 0)], 2)).toEqual([3, 4]);
});
