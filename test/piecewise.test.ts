// Work done piece by piece comes to what it comes to at once.
import { expect, it } from 'vitest';
import { allAtOnce, type Pieces, Piecewise } from '../src/piecewise.js';

function* squares(log: number[]): Pieces<number> {
  let sum = 0;
  for (const i of [1, 2, 3]) {
    log.push(i);
    sum += i * i;
    yield;
  }
  return sum;
}

it('does a piece each time it is asked, the rest in the end, and nothing twice', () => {
  const log: number[] = [];
  const work = new Piecewise(squares(log));
  expect(log).toEqual([]);
  work.advance();
  expect(log).toEqual([1]);
  expect(work.finish()).toBe(14);
  expect(log).toEqual([1, 2, 3]);
  work.advance();
  expect([work.finish(), log.length]).toEqual([14, 3]);
  expect(allAtOnce(squares([]))).toBe(14);
  const whole = new Piecewise(squares([]));
  for (let times = 0; times < 9; times++) whole.advance();
  expect(whole.finish()).toBe(14);
});
