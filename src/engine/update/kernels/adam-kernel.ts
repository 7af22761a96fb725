// Adam's step on rows of values, two values at a time. A loop in JavaScript takes three times as long, to the same bits.
import type { KernelMemory } from '../../memory/kernel-memory.js';
import {
  add,
  advance,
  assign,
  both,
  type Code,
  div,
  double,
  F64,
  I32,
  integerAt,
  local,
  loopBelow,
  mul,
  oneAt,
  plus,
  small,
  sqrt,
  storeOne,
  storeTwo,
  sub,
  times,
  twoAt,
  V128,
  whileBelow,
} from './instructions.js';
import { type Kernel, kernel } from './module.js';

/** The decay rates of the means of gradients and of their squares, and what is added to the root of the latter. */
export const ADAM = { b1: 0.9, b2: 0.999, epsilon: 1e-8 } as const;

const FLOAT_BYTES = 4;

const [ROWS, ROWS_END, VALUES, FIRST, SECOND, GRADIENT, LENGTH, PAIRS] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const [SCALE, DECAY, RATE, EPSILON] = [8, 9, 10, 11] as const;
/** Addresses within a row, and where its pairs and it end. */
const [OFFSET, W, M, V, PAIRS_END, END] = [12, 13, 14, 15, 16, 17] as const;
const PAIR_LOCALS = 18;

/** One step on what `load` gives of a value, its means and its gradient, and the addresses moved on. */
function moved(
  load: (address: Code) => Code,
  store: (address: Code, pair: Code) => Code,
  count: number,
): Code {
  const [scale, decay, rate, epsilon, b1, c1, b2, c2] = Array.from({ length: 8 }, (_, i) =>
    local(PAIR_LOCALS + i),
  ) as [Code, Code, Code, Code, Code, Code, Code, Code];
  const [g, m, v, w] = [PAIR_LOCALS + 8, PAIR_LOCALS + 9, PAIR_LOCALS + 10, PAIR_LOCALS + 11];
  const at = (array: number): Code => load(local(array));
  const step = div(mul(rate, local(m)), add(sqrt(local(v)), epsilon));
  return [
    assign(w, at(W)),
    assign(g, add(mul(scale, at(GRADIENT)), mul(decay, local(w)))),
    assign(m, add(mul(b1, at(M)), mul(c1, local(g)))),
    assign(v, add(mul(b2, at(V)), mul(mul(c2, local(g)), local(g)))),
    store(local(M), local(m)),
    store(local(V), local(v)),
    store(local(W), sub(local(w), step)),
    ...[M, V, GRADIENT, W].map((array) => advance(array, small(count * FLOAT_BYTES))),
  ].flat();
}

/**
 * Its parameters: where the list of rows, an integer each, starts and ends; where the values, the means of their gradients and those of
 * the squares start, and the gradients, row after row as listed; the bytes of a row, and what of it is whole pairs; then as doubles
 * scale and decay (the gradient taken is scale · g + decay · w), the rate, and epsilon, with the corrections of the bias in them. One
 * row at least.
 */
export function adamKernel(memory: KernelMemory): Kernel {
  const { b1, b2 } = ADAM;
  const constants = [
    ...[SCALE, DECAY, RATE, EPSILON].map((given) => local(given)),
    ...[b1, 1 - b1, b2, 1 - b2].map(double),
  ];
  const row = [
    assign(OFFSET, times(integerAt(local(ROWS)), local(LENGTH))),
    assign(W, plus(local(VALUES), local(OFFSET))),
    assign(M, plus(local(FIRST), local(OFFSET))),
    assign(V, plus(local(SECOND), local(OFFSET))),
    assign(PAIRS_END, plus(local(W), local(PAIRS))),
    assign(END, plus(local(W), local(LENGTH))),
    whileBelow(moved(twoAt, storeTwo, 2), W, PAIRS_END),
    whileBelow(moved(oneAt, storeOne, 1), W, END),
    advance(ROWS, small(FLOAT_BYTES)),
  ].flat();
  return kernel(
    {
      parameters: [...Array<number>(8).fill(I32), ...Array<number>(4).fill(F64)],
      locals: [...Array<number>(6).fill(I32), ...Array<number>(12).fill(V128)],
      body: [
        ...constants.flatMap((value, i) => assign(PAIR_LOCALS + i, both(value))),
        ...loopBelow(row, ROWS, ROWS_END),
      ],
    },
    memory,
  );
}
