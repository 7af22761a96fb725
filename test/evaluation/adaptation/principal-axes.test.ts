// The two main axes of vectors: by hand, and as a property of any symmetric matrix.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { principalPlane, symmetricEigen } from '../../../src/evaluation/adaptation/principal-axes.js';

describe('the principal plane', () => {
  it('of points on a line is the line: everything varies along the first axis', () => {
    // (1, 2), (3, 6), (5, 10): the line through direction (1, 2), steps of √20 between neighbours.
    const { x, y, explained } = principalPlane(Float32Array.from([1, 2, 3, 6, 5, 10]), 2);
    expect([...x]).toEqual([-Math.sqrt(20), 0, Math.sqrt(20)].map((v) => expect.closeTo(v, 12)));
    expect([...y]).toEqual([0, 0, 0].map((v) => expect.closeTo(v, 12)));
    expect(explained).toEqual([expect.closeTo(1, 12), expect.closeTo(0, 12)]);
  });

  it('orders axes by variance and says the share of each', () => {
    // A cross: ±3 on the second number, ±1 on the first. Variances 18/4 and 2/4.
    const cross = Float32Array.from([1, 0, -1, 0, 0, 3, 0, -3]);
    const { x, y, explained } = principalPlane(cross, 2);
    expect(explained).toEqual([expect.closeTo(0.9, 12), expect.closeTo(0.1, 12)]);
    expect([...x]).toEqual([0, 0, 3, -3].map((v) => expect.closeTo(v, 12)));
    expect([...y]).toEqual([1, -1, 0, 0].map((v) => expect.closeTo(v, 12)));
  });

  it('of equal vectors is a point, and of vectors of one number a line', () => {
    const same = principalPlane(new Float32Array(12).fill(0.25), 3);
    expect(same.explained).toBeNull();
    expect([...same.x, ...same.y]).toEqual(new Array(8).fill(0));
    const single = principalPlane(Float32Array.from([1, 2, 3]), 1);
    expect([...single.x]).toEqual([-1, 0, 1].map((v) => expect.closeTo(v, 12)));
    expect([...single.y]).toEqual([0, 0, 0]);
  });
});

describe('eigenvectors of a symmetric matrix', () => {
  it('are orthonormal and give the matrix back', () => {
    const matrices = fc
      .integer({ min: 1, max: 6 })
      .chain((size) =>
        fc.tuple(
          fc.constant(size),
          fc.array(fc.integer({ min: -9, max: 9 }), { minLength: size * size, maxLength: size * size }),
        ),
      );
    fc.assert(
      fc.property(matrices, ([size, entries]) => {
        const matrix = Float64Array.from(entries, (_, at) => {
          const [i, j] = [Math.floor(at / size), at % size];
          return entries[Math.min(i, j) * size + Math.max(i, j)]!;
        });
        const { values, axes } = symmetricEigen(matrix, size);
        for (let i = 0; i < size; i++)
          for (let j = 0; j < size; j++) {
            let product = 0;
            let back = 0;
            for (let k = 0; k < size; k++) {
              product += axes[k * size + i]! * axes[k * size + j]!;
              back += axes[i * size + k]! * values[k]! * axes[j * size + k]!;
            }
            expect(product).toBeCloseTo(i === j ? 1 : 0, 9);
            expect(back).toBeCloseTo(matrix[i * size + j]!, 9);
          }
      }),
      { numRuns: 100 },
    );
  });
});
