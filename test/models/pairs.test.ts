// Products of pairs of fields and the losses of inner steps, by hand.
import { expect, it } from 'vitest';
import { constant, input } from '../../src/graph/ops/leaves.js';
import { pairProducts } from '../../src/models/layers/pairs.js';
import { stepObjectives } from '../../src/models/two-block/objectives.js';
import { interpret } from '../../src/testing/float64/interpreter.js';
import { value } from '../../src/testing/float64/value.js';

it('adds up the products of every two fields, each once', () => {
  const names = ['a', 'b', 'c'] as const;
  const [a, b, c] = names.map((name) => input(name, ['rows', 2]));
  const feeds = {
    a: value([1, 2], [1, 2]),
    b: value([3, 5], [1, 2]),
    c: value([7, 11], [1, 2]),
  };
  // a·b = 13, a·c = 29, b·c = 76
  expect(interpret([pairProducts([a!, b!, c!])], feeds)[0]!.data).toEqual(Float64Array.of(118));
});

it('gives the last inner step what the earlier ones leave, and the prior nothing', () => {
  const path = [constant(0), constant(1), constant(2), constant(3)] as const;
  const weights = (earlier: number, steps: number): readonly (readonly [number, number])[] => {
    const [first, ...more] = path.slice(0, steps + 1);
    return stepObjectives([first!, ...more], earlier, (vector) => vector).map(({ logits, weight }) => [
      path.indexOf(logits as (typeof path)[number]),
      weight,
    ]);
  };
  expect(weights(0.5, 3)).toEqual([
    [3, 0.5],
    [1, 0.25],
    [2, 0.25],
  ]);
  expect(weights(0, 3)).toEqual([[3, 1]]);
  expect(weights(0.5, 1)).toEqual([[1, 1]]);
  expect(weights(0.5, 0)).toEqual([[0, 1]]);
});
