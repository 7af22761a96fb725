// Derivatives by finite differences in float64, through the interpreter.
import type { DimSizes } from '../../graph/ir/dims.js';
import type { Node } from '../../graph/ir/node.js';
import { interpreter } from './interpreter.js';
import type { Value, Values } from './value.js';

/**
 * The gradient of the sum of `y`'s elements by every element of the fed inputs `names`, by the five-point central
 * formula (error of order step^4). Kinks nearer than two steps to a point would spoil it: feeds keep away from them.
 */
export function finiteDifferences(
  y: Node,
  names: readonly string[],
  feeds: Values,
  known: DimSizes = {},
  step = 1e-4,
): Value[] {
  const run = interpreter([y], known);
  return names.map((name) => {
    const { data, shape } = feeds[name]!;
    const moved = data.slice();
    const at = (i: number, by: number): number => {
      moved[i] = data[i]! + by;
      const total = run({ ...feeds, [name]: { data: moved, shape } })[0]!.data.reduce((sum, x) => sum + x, 0);
      moved[i] = data[i]!;
      return total;
    };
    const gradient = data.map(
      (_, i) => (8 * (at(i, step) - at(i, -step)) - (at(i, 2 * step) - at(i, -2 * step))) / (12 * step),
    );
    return { data: gradient, shape };
  });
}

/**
 * The largest difference between two tensors, relative to the largest magnitude in the expected one (or to `floor` where
 * that is smaller). Infinite when shapes differ or a value is not finite.
 */
export function relativeError(actual: Value, expected: Value, floor = 1e-3): number {
  if (String(actual.shape) !== String(expected.shape)) return Number.POSITIVE_INFINITY;
  let scale = floor;
  let worst = 0;
  expected.data.forEach((x, i) => {
    scale = Math.max(scale, Math.abs(x));
    const difference = Math.abs(actual.data[i]! - x);
    worst = Number.isFinite(difference) ? Math.max(worst, difference) : Number.POSITIVE_INFINITY;
  });
  return worst / scale;
}
