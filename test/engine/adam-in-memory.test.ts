// Adam by its kernel, on numbers that lie in kernel memory, beside the loop in JavaScript.
import { describe, expect, it } from 'vitest';
import { KernelMemory } from '../../src/engine/memory/kernel-memory.js';
import type { Moment } from '../../src/engine/update/optimizer.js';
import { makeOptimizer } from '../../src/engine/update/optimizers.js';
import { randomStream } from '../../src/random.js';

const momentOf = (step: number): Moment => ({ step, epochs: 1, horizon: 1, scores: [] });

describe('adam in kernel memory', () => {
  const options = { name: 'adam', learningRate: 0.01, weightDecay: 0.1, l1: 0 } as const;
  /** Three steps on copies of the values in memory that `floats` gives; what `step` does is one of them. */
  const moved = (
    floats: (length: number) => Float32Array,
    arrays: readonly Float32Array[],
    step: (values: Float32Array, slots: readonly Float32Array[], gradient: Float32Array, i: number) => void,
  ): readonly Float32Array[] => {
    const [values, ...gradients] = arrays.map((array) => {
      const copy = floats(array.length);
      copy.set(array);
      return copy;
    });
    const slots = [floats(values!.length), floats(values!.length)];
    for (const [i, gradient] of gradients.entries()) step(values!, slots, gradient, i);
    return [values!, ...slots];
  };
  const plain = (length: number): Float32Array => new Float32Array(length);

  it('gives many values at once the bits that it gives each alone', () => {
    // Odd, so that the last value has no pair; starts off the pairs.
    const [at, count] = [3, 4099];
    const stream = randomStream(1, 'many');
    const normals = (): Float32Array => Float32Array.from({ length: at + count }, () => stream.normal());
    const arrays = [normals(), normals(), normals(), normals().fill(0, 100, 200)];
    const run = (share: number, memory?: KernelMemory): readonly Float32Array[] => {
      const optimizer = makeOptimizer(options, 'weights', memory);
      return moved(
        memory === undefined ? plain : (n) => memory.floats(n)!,
        arrays,
        (values, slots, gradient, i) => {
          const moment = momentOf(i + 1);
          for (let from = at; from < at + count; from += share)
            optimizer.update(values, from, Math.min(share, at + count - from), gradient, from, slots, moment);
        },
      );
    };
    const together = run(count, new KernelMemory());
    expect(together[0]!.filter((value, i) => value !== arrays[0]![i]).length).toBe(count);
    expect(together).toEqual(run(1));
    // What lies elsewhere is moved the same.
    expect(run(count)).toEqual(together);
  });

  it('moves the listed rows alone, whatever their length', () => {
    for (const dim of [1, 2, 3, 16, 17]) {
      const stream = randomStream(dim, 'rows');
      const rows = Int32Array.from({ length: 150 }, (_, i) => (i * 7) % 200);
      const normals = (count: number): Float32Array =>
        Float32Array.from({ length: count * dim }, () => stream.normal());
      const arrays = [normals(200), ...Array.from({ length: 3 }, () => normals(rows.length))];
      const memory = new KernelMemory();
      const optimizer = makeOptimizer(options, 'table', memory);
      const together = moved(
        (n) => memory.floats(n)!,
        arrays,
        (values, slots, gradient, i) => {
          const move = optimizer.rowsMover!(rows, dim, values, gradient, slots, momentOf(i + 1))!;
          move(0, 64);
          move(64, rows.length);
        },
      );
      const single = makeOptimizer(options, 'table');
      const one = moved(plain, arrays, (values, slots, gradient, i) => {
        rows.forEach((row, r) => {
          single.update(values, row * dim, dim, gradient, r * dim, slots, momentOf(i + 1));
        });
      });
      expect(together).toEqual(one);
      const untouched = Array.from({ length: 200 }, (_, row) => row).filter((row) => !rows.includes(row));
      expect(untouched.length).toBe(50);
      for (const row of untouched)
        expect(together[0]!.subarray(row * dim, (row + 1) * dim)).toEqual(
          arrays[0]!.subarray(row * dim, (row + 1) * dim),
        );
    }
  });

  it('has no mover for what lies elsewhere', () => {
    const memory = new KernelMemory();
    const optimizer = makeOptimizer(options, 'table', memory);
    const within = (): Float32Array => memory.floats(4)!;
    const moverOf = (values: Float32Array, gradient: Float32Array, slot: Float32Array): unknown =>
      optimizer.rowsMover!(Int32Array.of(0), 4, values, gradient, [within(), slot], momentOf(1));
    expect(moverOf(within(), within(), within())).toBeDefined();
    expect(moverOf(plain(4), within(), within())).toBeUndefined();
    expect(moverOf(within(), plain(4), within())).toBeUndefined();
    expect(moverOf(within(), within(), plain(4))).toBeUndefined();
  });
});
