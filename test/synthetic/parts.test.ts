// The small parts of the generator: draws, bytes, standardising.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../src/random.js';
import { aliasTable } from '../../src/synthetic/alias-table.js';
import { type ByteWriter, putByte, putDigits } from '../../src/synthetic/csv-bytes.js';
import { standardise } from '../../src/synthetic/standardise.js';

describe('aliasTable', () => {
  it('draws in proportion to the weights, and never what weighs nothing', () => {
    const draw = aliasTable(Float64Array.of(1, 0, 3, 4));
    const random = randomStream(1, 'alias');
    const counts = [0, 0, 0, 0];
    for (let n = 0; n < 80_000; n++) counts[draw(random)]!++;
    expect(counts[1]).toBe(0);
    // Expected 10,000, 30,000 and 40,000; four standard deviations are 374, 548 and 566.
    expect(Math.abs(counts[0]! - 10_000)).toBeLessThan(374);
    expect(Math.abs(counts[2]! - 30_000)).toBeLessThan(548);
    expect(Math.abs(counts[3]! - 40_000)).toBeLessThan(566);
  });

  it('draws the only one there is', () => {
    expect(aliasTable(Float64Array.of(0.3))(randomStream(1, 'one'))).toBe(0);
  });
});

describe('csv bytes', () => {
  const written = (put: (writer: ByteWriter) => void): string => {
    const writer: ByteWriter = { buffer: Buffer.alloc(64), at: 0 };
    put(writer);
    return writer.buffer.toString('latin1', 0, writer.at);
  };

  it('writes whole numbers as JavaScript does', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        expect(written((writer) => putDigits(writer, value))).toBe(String(value));
      }),
    );
  });

  it('pads with zeros and never cuts', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 12 }), (value, width) => {
        expect(written((writer) => putDigits(writer, value, width))).toBe(String(value).padStart(width, '0'));
      }),
    );
  });

  it('moves on after a byte', () => {
    expect(
      written((writer) => {
        putDigits(writer, 10);
        putByte(writer, 0x2c);
        putDigits(writer, 9, 3);
      }),
    ).toBe('10,009');
  });
});

describe('standardise', () => {
  it('gives mean 0 and variance 1', () => {
    // 1, 3, 5: mean 3, variance 8/3.
    const step = 2 / Math.sqrt(8 / 3);
    const [low, middle, high] = standardise(Float64Array.of(1, 3, 5));
    expect(low).toBeCloseTo(-step, 12);
    expect(middle).toBe(0);
    expect(high).toBeCloseTo(step, 12);
  });

  it('makes a constant zero', () => {
    expect([...standardise(Float64Array.of(4, 4))]).toEqual([0, 0]);
  });
});
