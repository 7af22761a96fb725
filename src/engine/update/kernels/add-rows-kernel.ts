// Rows added to rows, four floats at a time. A loop in JavaScript, which has doubles only and rounds each sum back, takes ten times as
// long; the sum of two floats is the same either way.
import type { KernelMemory } from '../../memory/kernel-memory.js';
import {
  addFour,
  addOne,
  advance,
  assign,
  type Code,
  I32,
  integerAt,
  local,
  loopBelow,
  notNegative,
  plus,
  small,
  when,
  whileBelow,
} from './instructions.js';
import { type Kernel, kernel } from './module.js';

const FLOAT_BYTES = 4;
const FOUR_BYTES = 4 * FLOAT_BYTES;

/**
 * Its parameters, all in bytes: where the sums start; where the list of places starts and ends, an integer a row, from the start of the
 * sums, −1 where a row is left out; where the first row to add starts, and how far it is to the next; the length of a row, and what of it
 * is whole fours. One place at least.
 */
export function addRowsKernel(memory: KernelMemory): Kernel {
  const [sums, places, end, row, stride, length, fours] = [0, 1, 2, 3, 4, 5, 6];
  const [to, from, wholeEnd, rowEnd] = [7, 8, 9, 10];
  const addAndMove = (add: (to: Code, from: Code) => Code, bytesEach: number): Code => [
    ...add(local(to), local(from)),
    ...advance(to, small(bytesEach)),
    ...advance(from, small(bytesEach)),
  ];
  const addRow = [
    assign(to, plus(local(to), local(sums))),
    assign(from, local(row)),
    assign(wholeEnd, plus(local(row), local(fours))),
    assign(rowEnd, plus(local(row), local(length))),
    whileBelow(addAndMove(addFour, FOUR_BYTES), from, wholeEnd),
    whileBelow(addAndMove(addOne, FLOAT_BYTES), from, rowEnd),
  ].flat();
  const body = [
    assign(to, integerAt(local(places))),
    when(notNegative(local(to)), addRow),
    advance(row, local(stride)),
    advance(places, small(FLOAT_BYTES)),
  ].flat();
  const parameters = Array<number>(7).fill(I32);
  const locals = Array<number>(4).fill(I32);
  return kernel({ parameters, locals, body: loopBelow(body, places, end) }, memory);
}
