// Draws from a fixed discrete distribution in constant time (Walker 1977; Vose's construction, 1991).
import type { RandomStream } from '../random.js';

export type Draw = (random: RandomStream) => number;

/** A sampler of indexes in proportion to non-negative `weights`, which need not add up to one. */
export function aliasTable(weights: Float64Array): Draw {
  const size = weights.length;
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / size;
  const threshold = new Float64Array(size).fill(1);
  const alias = new Int32Array(size);
  const small: number[] = [];
  const large: number[] = [];
  const scaled = weights.map((weight) => weight / mean);
  scaled.forEach((value, i) => {
    (value < 1 ? small : large).push(i);
  });
  while (small.length > 0 && large.length > 0) {
    const poor = small.pop()!;
    const rich = large.at(-1)!;
    threshold[poor] = scaled[poor]!;
    alias[poor] = rich;
    scaled[rich] = scaled[rich]! + scaled[poor]! - 1;
    if (scaled[rich]! < 1) small.push(large.pop()!);
  }
  return (random) => {
    const place = random.integer(size);
    return random.uniform() < threshold[place]! ? place : alias[place]!;
  };
}
