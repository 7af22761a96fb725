// Gradients of dense parameters summed over the tiles of a step.
import { KeptBytes, KernelMemory } from '../memory/kernel-memory.js';
import { addRowsKernel } from './kernels/add-rows-kernel.js';
import { squaresKernel } from './kernels/squares-kernel.js';

interface DenseSums {
  /** By parameter, of the last step. */
  readonly sums: ReadonlyMap<string, Float32Array>;
  /** Adds up what the tiles give under `d.<parameter>`, from zero and in their order, each sum rounded to a float. */
  add(results: readonly Readonly<Record<string, Float32Array>>[]): void;
  /** The squares of all sums, added in no order to rely on. */
  squares(): number;
}

const BYTES = 4;

/** For parameters of so many values. */
export function denseSums(lengths: ReadonlyMap<string, number>, memory = new KernelMemory()): DenseSums {
  const run = addRowsKernel(memory);
  const squaresOf = squaresKernel(memory);
  // A list of one place, the start of the sums: a zero.
  const list = memory.bytes(BYTES);
  const copies = new KeptBytes(memory);
  const starts = new Map([...lengths].map(([name, length]) => [name, memory.bytes(BYTES * length)]));
  const floats = (at: number, length: number): Float32Array => new Float32Array(memory.buffer(), at, length);
  const sums = new Map([...lengths].map(([name, length]) => [name, floats(starts.get(name)!, length)]));
  /** Where a gradient lies, of which a copy is made where that is elsewhere. */
  const addressOf = (gradient: Float32Array): number => {
    const there = memory.addressOf(gradient);
    if (there !== undefined) return there;
    const at = copies.atLeast(gradient.byteLength);
    floats(at, gradient.length).set(gradient);
    return at;
  };
  return {
    sums,
    add(results) {
      for (const [name, sum] of sums) {
        sum.fill(0);
        const length = sum.byteLength;
        for (const result of results) {
          const gradient = addressOf(result[`d.${name}`]!);
          run(starts.get(name)!, list, list + BYTES, gradient, 0, length, length & ~15);
        }
      }
    },
    squares() {
      let total = 0;
      for (const [name, { length }] of sums) total += squaresOf(starts.get(name)!, length);
      return total;
    },
  };
}
