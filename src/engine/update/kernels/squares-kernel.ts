// The sum of squares of floats, in doubles: four sums, none of which waits for the others.
import type { KernelMemory } from '../../memory/kernel-memory.js';
import {
  add,
  advance,
  assign,
  both,
  double,
  I32,
  local,
  loopBelow,
  mul,
  plus,
  small,
  storePair,
  twoAt,
  V128,
} from './instructions.js';
import { kernel } from './module.js';

const FLOAT_BYTES = 4;
const FOUR_BYTES = 4 * FLOAT_BYTES;
const PAIR_BYTES = 2 * FLOAT_BYTES;

/**
 * Gives the sum of squares of so many floats from an address on, which is added up in no order to rely on. What lies behind them up to
 * whole fours must be zeros. One float at least.
 */
export function squaresKernel(memory: KernelMemory): (start: number, count: number) => number {
  const [at, end, out] = [0, 1, 2];
  const [first, second, value] = [3, 4, 5];
  const added = (sum: number, offset: number) => [
    ...assign(value, twoAt(plus(local(at), small(offset)))),
    ...assign(sum, add(local(sum), mul(local(value), local(value)))),
  ];
  const run = kernel(
    {
      parameters: [I32, I32, I32],
      locals: [V128, V128, V128],
      body: [
        ...assign(first, both(double(0))),
        ...assign(second, both(double(0))),
        ...loopBelow(
          [...added(first, 0), ...added(second, PAIR_BYTES), ...advance(at, small(FOUR_BYTES))],
          at,
          end,
        ),
        ...storePair(local(out), add(local(first), local(second))),
      ],
    },
    memory,
  );
  const sums = memory.bytes(2 * Float64Array.BYTES_PER_ELEMENT);
  return (start, count) => {
    run(start, start + FLOAT_BYTES * count, sums);
    const [even, odd] = new Float64Array(memory.buffer(), sums, 2);
    return even! + odd!;
  };
}
