// Numbers of stored vectors: halves bit by bit, bytes with their scale, and what is read back of both.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asStored,
  packVector,
  storedStep,
  unpackVector,
  VECTOR_TYPES,
  vectorBytes,
} from '../../src/bundle/format/vector-type.js';
import { userErrors } from '../prep/prep-harness.js';

const bitsOf = (value: number): number => {
  const bytes = packVector('float16', Float32Array.of(value));
  return bytes[0]! + 256 * bytes[1]!;
};
const halfOf = (bits: number): number => {
  const into = new Float32Array(1);
  unpackVector('float16', Uint8Array.of(bits & 255, bits >> 8), into, 0);
  return into[0]!;
};
const floats = fc.float({ noNaN: true, noDefaultInfinity: true, min: -60_000, max: 60_000 });
const vector = fc.array(floats, { minLength: 1, maxLength: 9 }).map((values) => Float32Array.from(values));

describe('halves', () => {
  it.each([
    [1, 0x3c00],
    [-2, 0xc000],
    [65_504, 0x7bff],
    [65_519, 0x7bff],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000],
    [1.5 * 2 ** -24, 0x0002],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [-0, 0x8000],
    [0.1, 0x2e66],
    [1 / 3, 0x3555],
    [2047.5, 0x6800],
  ])('%f is %d', (value, bits) => {
    expect(bitsOf(value)).toBe(bits);
  });

  it('all finite ones are what they are read as', () => {
    let wrong = 0;
    for (let bits = 0; bits < 0x7c00; bits++)
      for (const signed of [bits, bits | 0x8000]) if (bitsOf(halfOf(signed)) !== signed) wrong++;
    expect(wrong).toBe(0);
  });

  it('a number becomes the nearest', () => {
    fc.assert(
      fc.property(floats, (value) => {
        const bits = bitsOf(Math.abs(value));
        const apart = (of: number): number => Math.abs(halfOf(of) - Math.abs(value));
        expect(apart(bits)).toBeLessThanOrEqual(apart(bits + 1));
        if (bits > 0) expect(apart(bits)).toBeLessThanOrEqual(apart(bits - 1));
      }),
    );
  });

  it('none is near a number past 65,504', async () => {
    const large = Float32Array.of(1, 65_520);
    expect(await userErrors(Promise.resolve().then(() => packVector('float16', large)))).toMatchObject([
      { code: 'VECTOR_TOO_LARGE' },
    ]);
    const huge = Float32Array.of(2 ** 127);
    expect(await userErrors(Promise.resolve().then(() => packVector('int8', huge)))).toMatchObject([
      { code: 'VECTOR_TOO_LARGE' },
    ]);
  });
});

it('bytes are the nearest multiples of the scale before them', () => {
  const bytes = packVector('int8', Float32Array.of(127, -127, 63.4, 0.6, 0));
  expect([...bytes]).toEqual([0, 0, 128, 63, 127, 129, 63, 1, 0]);
  expect([...packVector('int8', new Float32Array(2))]).toEqual([0, 0, 0, 0, 0, 0]);
});

it.each(VECTOR_TYPES)('%s: what is read back is near, and the same when it is stored again', (type) => {
  fc.assert(
    fc.property(vector, (given) => {
      const read = asStored(type, given, given.length);
      const largest = Math.max(...given.map(Math.abs));
      given.forEach((value, i) => {
        expect(Math.abs(read[i]! - value)).toBeLessThanOrEqual(0.51 * storedStep(type, value, largest));
      });
      expect(packVector(type, given)).toHaveLength(vectorBytes(type, given.length));
      expect(packVector(type, read)).toEqual(packVector(type, given));
    }),
  );
});
