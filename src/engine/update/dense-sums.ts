// Gradients of dense parameters summed over the tiles of a step.
import { addRowsKernel } from './kernels/add-rows-kernel.js';

interface DenseSums {
  /** By parameter, of the last step. */
  readonly sums: ReadonlyMap<string, Float32Array>;
  /** Adds up what the tiles give under `d.<parameter>`, from zero and in their order, each sum rounded to a float. */
  add(results: readonly Readonly<Record<string, Float32Array>>[]): void;
}

const BYTES = 4;
/** Sums start where four floats do; so does what lies before them, the one place that the kernel reads, a zero. */
const aligned = (bytes: number): number => Math.ceil(bytes / 16) * 16;

/** For parameters of so many values. */
export function denseSums(lengths: ReadonlyMap<string, number>): DenseSums {
  const taken = aligned(BYTES);
  let end = taken + aligned(BYTES * Math.max(0, ...lengths.values()));
  const starts = new Map<string, number>();
  for (const [name, length] of lengths) {
    starts.set(name, end);
    end += aligned(BYTES * length);
  }
  const kernel = addRowsKernel(end);
  const sums = new Map(
    [...lengths].map(([name, length]) => [
      name,
      new Float32Array(kernel.memory(), starts.get(name)!, length),
    ]),
  );
  const gradient = new Float32Array(kernel.memory(), taken);
  return {
    sums,
    add(results) {
      for (const [name, sum] of sums) {
        sum.fill(0);
        const length = sum.byteLength;
        for (const result of results) {
          gradient.set(result[`d.${name}`]!);
          kernel.run(starts.get(name)!, 0, BYTES, taken, 0, length, length & ~15);
        }
      }
    },
  };
}
