// Named dimensions: products, sizes, broadcasting.

import { describe, expect, it } from 'vitest';
import { broadcastShapes, productOf, sameShape, sizeOf, sizesOf } from '../../src/graph/ir/dims.js';

describe('productOf', () => {
  it.each([
    [[2, 3], 6],
    [[], 1],
    [['tasks', 'support'], 'tasks*support'],
    [['tasks', 1], 'tasks'],
    [[2, 'tasks', 3], 'tasks*6'],
    [['tasks*2', 'support', 3], 'tasks*support*6'],
  ])('of %j is %j', (dims, product) => {
    expect(productOf(dims)).toBe(product);
  });
});

describe('sizes', () => {
  it('are read from names and products', () => {
    expect(sizesOf([3, 'tasks', 'tasks*support*2'], { tasks: 5, support: 7 })).toEqual([3, 5, 70]);
  });

  it('of an unknown name are refused', () => {
    expect(() => sizeOf('tasks*query', { tasks: 5 })).toThrow('dimension "query" has no size');
  });
});

describe('broadcastShapes', () => {
  it.each([
    [[], ['tasks'], ['tasks']],
    [
      ['tasks', 1, 2],
      ['support', 1],
      ['tasks', 'support', 2],
    ],
    [
      [1, 3],
      [2, 1],
      [2, 3],
    ],
  ])('of %j and %j is %j', (a, b, joined) => {
    expect(broadcastShapes(a, b)).toEqual(joined);
    expect(broadcastShapes(b, a)).toEqual(joined);
  });

  it('refuses two dims that differ, of which neither is 1', () => {
    expect(() => broadcastShapes([2], [3])).toThrow('do not broadcast');
    // Two names may stand for different sizes, so they are not taken for equal.
    expect(() => broadcastShapes(['tasks'], ['rows'])).toThrow('do not broadcast');
  });
});

it('sameShape compares every dim', () => {
  expect(sameShape(['tasks', 2], ['tasks', 2])).toBe(true);
  expect(sameShape(['tasks', 2], ['tasks', 2, 1])).toBe(false);
  expect(sameShape(['tasks'], ['rows'])).toBe(false);
});
