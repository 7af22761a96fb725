// Memory of results freed before garbage is collected.
import { expect, it } from 'vitest';
import { giveBack } from '../../src/runtime/give-back.js';

it('leaves arrays empty, but for those that workers share', () => {
  const [one, two] = [Float32Array.of(1, 2), new Float32Array(100_000)];
  const shared = new Float32Array(new SharedArrayBuffer(8));
  giveBack([one, shared, two]);
  expect([one, shared, two].map(({ length }) => length)).toEqual([0, 2, 0]);
});
