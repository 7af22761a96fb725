// Which items become negatives: others that were around at the time and that the entity never meets in the whole log, so that
// no later positive is ever taught, or judged, as a negative.
import { randomStream } from '../../random.js';

/** Items by first appearance; `running` is the sum of the weights so far. */
export interface ItemWeights {
  readonly item: Int32Array;
  readonly firstTs: Float64Array;
  readonly running: Float64Array;
}

/** Whole histories, sorted by entity, time and source order. */
export interface Positives {
  readonly entity: Int32Array;
  readonly item: Int32Array;
  readonly ts: Float64Array;
  readonly order: Float64Array;
}

/** Draws per negative wanted before the search is given up: the entity has met nearly everything. */
const PATIENCE = 50;

/**
 * Calls `pick(row, copy, item)` for up to `perPositive` distinct items a positive; every entity has its own random stream.
 * Returns how many could not be found.
 */
export function drawNegatives(
  options: { readonly perPositive: number; readonly seed: number },
  items: ItemWeights,
  positives: Positives,
  pick: (row: number, copy: number, item: number) => void,
): number {
  const { perPositive, seed } = options;
  const rows = positives.entity.length;
  let short = 0;
  for (let from = 0, to = 0; from < rows; from = to) {
    const entity = positives.entity[from]!;
    while (to < rows && positives.entity[to] === entity) to++;
    const met = new Set(positives.item.subarray(from, to));
    const random = randomStream(seed, 'negatives', entity);
    for (let row = from; row < to; row++) {
      const around = countAtMost(items.firstTs, positives.ts[row]!);
      const total = items.running[around - 1] ?? 0;
      const picked: number[] = [];
      for (let draw = 0; draw < PATIENCE * perPositive && picked.length < perPositive; draw++) {
        const item = items.item[countAtMost(items.running, random.uniform() * total)]!;
        if (met.has(item) || picked.includes(item)) continue;
        picked.push(item);
        pick(row, picked.length, item);
      }
      short += perPositive - picked.length;
    }
  }
  return short;
}

/** How many of the sorted values are at most `limit`. */
function countAtMost(values: Float64Array, limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
