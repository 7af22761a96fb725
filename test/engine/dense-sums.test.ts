// Gradients of dense parameters over the tiles of a step.
import { expect, it } from 'vitest';
import { denseSums } from '../../src/engine/update/dense-sums.js';
import { randomStream } from '../../src/random.js';

it('adds tile after tile from zero, rounding each sum, whatever the last step left', () => {
  const lengths = new Map([
    ['one', 1],
    ['odd', 1003],
    ['even', 64],
  ]);
  const dense = denseSums(lengths);
  const stream = randomStream(4, 'dense');
  for (const tiles of [1, 2, 3]) {
    const results = Array.from({ length: tiles }, () =>
      Object.fromEntries(
        [...lengths].map(([name, length]) => [
          `d.${name}`,
          Float32Array.from({ length }, (_, i) => (i === 0 ? -0 : stream.normal())),
        ]),
      ),
    );
    dense.add(results);
    expect([...dense.sums.keys()]).toEqual([...lengths.keys()]);
    for (const [name, length] of lengths) {
      const expected = new Float32Array(length);
      for (const result of results) for (let i = 0; i < length; i++) expected[i]! += result[`d.${name}`]![i]!;
      // A sum of negative zeros is zero.
      expect(Object.is(expected[0], 0)).toBe(true);
      expect(dense.sums.get(name)).toEqual(expected);
    }
    // Of lengths that are no whole fours too: nothing else is counted.
    const squares = [...dense.sums.values()].flatMap((sum) => [...sum].map((x) => x * x));
    expect(dense.squares()).toBeCloseTo(
      squares.reduce((total, square) => total + square, 0),
      8,
    );
  }
});
