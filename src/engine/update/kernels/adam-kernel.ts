// Adam's step on values that lie one after the other, two at a time. A loop in JavaScript takes three times as long, to the same bits.
import {
  add,
  advance,
  assign,
  both,
  type Code,
  div,
  double,
  F64,
  floatsAt,
  I32,
  local,
  loopBelow,
  mul,
  small,
  sqrt,
  storeFloats,
  sub,
  V128,
} from './instructions.js';
import { type KernelFunction, kernel } from './module.js';

/** The decay rates of the means of gradients and of their squares, and what is added to the root of the latter. */
export const ADAM = { b1: 0.9, b2: 0.999, epsilon: 1e-8 } as const;

/** Most values that are moved at once: with their means and gradients they fill half of a core's first cache. */
export const BLOCK = 2048;

/** What a step has for all values: the gradient taken is scale · g + decay · w. */
export interface AdamStep {
  readonly scale: number;
  readonly decay: number;
  /** The rate, and the epsilon, with the corrections of the bias in them. */
  readonly rate: number;
  readonly small: number;
}

/** The kernel and the memory that it works on, an array a part, [BLOCK] each. */
export interface AdamKernel {
  readonly values: Float32Array<ArrayBuffer>;
  readonly first: Float32Array<ArrayBuffer>;
  readonly second: Float32Array<ArrayBuffer>;
  readonly gradient: Float32Array<ArrayBuffer>;
  /** Moves the first so many values. */
  move(count: number, step: AdamStep): void;
}

const FLOAT_BYTES = 4;
const PAIR_BYTES = 2 * FLOAT_BYTES;

/** The parameters: addresses of the four arrays and of the values' end, then scale, decay, rate, small. */
function adamFunction(): KernelFunction {
  const [values, first, second, gradient, end] = [0, 1, 2, 3, 4];
  const given = [5, 6, 7, 8];
  const pairs = 9;
  const { b1, b2 } = ADAM;
  const constants = [...given.map(local), ...[b1, 1 - b1, b2, 1 - b2].map(double)];
  const [scale, decay, rate, epsilon, b1s, c1s, b2s, c2s] = constants.map((_, i) => local(pairs + i)) as [
    Code,
    Code,
    Code,
    Code,
    Code,
    Code,
    Code,
    Code,
  ];
  const [g, m, v, w] = [pairs + 8, pairs + 9, pairs + 10, pairs + 11];
  const at = (array: number): Code => floatsAt(local(array));
  const moved = div(mul(rate, local(m)), add(sqrt(local(v)), epsilon));
  const body = [
    assign(w, at(values)),
    assign(g, add(mul(scale, at(gradient)), mul(decay, local(w)))),
    assign(m, add(mul(b1s, at(first)), mul(c1s, local(g)))),
    assign(v, add(mul(b2s, at(second)), mul(mul(c2s, local(g)), local(g)))),
    storeFloats(local(first), local(m)),
    storeFloats(local(second), local(v)),
    storeFloats(local(values), sub(local(w), moved)),
    ...[first, second, gradient, values].map((array) => advance(array, small(PAIR_BYTES))),
  ].flat();
  return {
    parameters: [I32, I32, I32, I32, I32, F64, F64, F64, F64],
    locals: Array<number>(12).fill(V128),
    body: [
      ...constants.flatMap((value, i) => assign(pairs + i, both(value))),
      ...loopBelow(body, values, end),
    ],
  };
}

export function adamKernel(): AdamKernel {
  const bytes = BLOCK * FLOAT_BYTES;
  const { run, memory } = kernel(adamFunction(), 4 * bytes);
  const [values, first, second, gradient] = [0, 1, 2, 3].map(
    (i) => new Float32Array(memory(), i * bytes, BLOCK),
  ) as [
    Float32Array<ArrayBuffer>,
    Float32Array<ArrayBuffer>,
    Float32Array<ArrayBuffer>,
    Float32Array<ArrayBuffer>,
  ];
  return {
    values,
    first,
    second,
    gradient,
    move(count, step) {
      // An odd number of values takes one along that nobody reads.
      run(0, bytes, 2 * bytes, 3 * bytes, count * FLOAT_BYTES, step.scale, step.decay, step.rate, step.small);
    },
  };
}
