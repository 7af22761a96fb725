// Gathering rows of a table, two floats at a time or one.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { gatherRows } from '../../src/engine/features/table-rows.js';

it('copies what a plain loop copies, of any width, zeros for no row, and leaves the rest alone', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 0, max: 5 }),
      fc.array(fc.integer({ min: -1, max: 6 }), { maxLength: 150 }),
      fc.boolean(),
      (dim, offset, rest, rows, shifted) => {
        const width = offset + dim + rest;
        const start = shifted ? 1 : 0;
        // Starting at the second float, a table does not begin on a pair.
        const table = Float32Array.from({ length: start + 7 * dim }, (_, i) => i + 1).subarray(start);
        const found = new Float32Array(rows.length * width).fill(-5);
        gatherRows(table, Int32Array.from(rows), dim, found, width, offset);
        const expected = rows.flatMap((row) =>
          Array.from({ length: width }, (_, column) => {
            const inside = column >= offset && column < offset + dim;
            if (!inside) return -5;
            return row < 0 ? 0 : table[row * dim + column - offset]!;
          }),
        );
        expect([...found]).toEqual(expected);
      },
    ),
    { numRuns: 300 },
  );
});

it('copies rows of a table too large for a cache, narrow and wide, whatever is read ahead of them', () => {
  for (const dim of [1, 16, 34, 96]) {
    const count = Math.ceil(70_000 / dim);
    const table = Float32Array.from({ length: count * dim }, (_, i) => i);
    const rows = Int32Array.from({ length: 200 }, (_, i) => (i % 7 === 0 ? -1 : (i * 997) % count));
    const found = new Float32Array(rows.length * dim).fill(-5);
    gatherRows(table, rows, dim, found, dim, 0);
    expect(found).toEqual(
      Float32Array.from(found, (_, i) => {
        const row = rows[Math.floor(i / dim)]!;
        return row < 0 ? 0 : row * dim + (i % dim);
      }),
    );
  }
});
