// Derivatives along a direction by finite differences in float64: a few evaluations, however many numbers a tensor has.
import type { Node } from '../../graph/ir/node.js';
import { interpreter } from './interpreter.js';
import type { Value, Values } from './value.js';

/**
 * The derivative of the scalar `y` when the fed input `name` moves along `direction`, by the five-point central formula (error
 * of order step^4). A kink nearer than two steps to the point spoils it.
 */
export function slopes(
  y: Node,
  feeds: Values,
  step = 1e-5,
): (name: string, direction: Float64Array) => number {
  const run = interpreter([y]);
  return (name, direction) => {
    const { data, shape } = feeds[name]!;
    const at = (by: number): number => {
      const moved: Value = { data: data.map((x, i) => x + by * direction[i]!), shape };
      return run({ ...feeds, [name]: moved })[0]!.data[0]!;
    };
    return (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step);
  };
}
