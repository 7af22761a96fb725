// The reference itself, on numbers worked by hand.

import { describe, expect, it } from 'vitest';
import type { Node } from '../../src/graph/ir/node.js';
import { algebra, expand, matmul, reshape, sum, transpose } from '../../src/graph/ops/algebra.js';
import * as ops from '../../src/graph/ops/elementwise.js';
import { concat, pad, slice } from '../../src/graph/ops/joining.js';
import { input, tensor } from '../../src/graph/ops/leaves.js';
import { gather, scatterAdd } from '../../src/graph/ops/lookup.js';
import { interpret } from '../../src/testing/float64/interpreter.js';
import { value } from '../../src/testing/float64/value.js';

const m = tensor(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
const v = tensor(Float32Array.of(10, 20, 30), [3]);
const at = tensor(BigInt64Array.of(1n, 1n, 0n), [3]);

describe('the interpreter', () => {
  it.each<[string, Node, number[], number[]]>([
    ['add', algebra.add(m, v), [11, 22, 33, 14, 25, 36], [2, 3]],
    ['sub', algebra.sub(v, m), [9, 18, 27, 6, 15, 24], [2, 3]],
    ['matmul', matmul(m, transpose(m)), [14, 32, 32, 77], [2, 2]],
    ['matmul over a stack', matmul(reshape(m, [2, 1, 3]), transpose(m)), [14, 32, 32, 77], [2, 1, 2]],
    ['transpose', transpose(m), [1, 4, 2, 5, 3, 6], [3, 2]],
    ['sum', sum(m, [1]), [6, 15], [2]],
    ['sum, kept', sum(m, [0], true), [5, 7, 9], [1, 3]],
    ['expand', expand(v, [2, 3]), [10, 20, 30, 10, 20, 30], [2, 3]],
    ['concat', concat([m, slice(m, 0, 1)]), [1, 2, 3, 1, 4, 5, 6, 4], [2, 4]],
    ['slice', slice(m, 1, 3), [2, 3, 5, 6], [2, 2]],
    ['pad', pad(slice(m, 0, 1), 1, 1), [0, 1, 0, 0, 4, 0], [2, 3]],
    ['gather', gather(m, at), [4, 5, 6, 4, 5, 6, 1, 2, 3], [3, 3]],
    ['scatterAdd', scatterAdd(reshape(v, [3, 1]), at, 3), [30, 30, 0], [3, 1]],
    ['step', ops.step(algebra.sub(m, tensor(Float32Array.of(3), []))), [0, 0, 0, 1, 1, 1], [2, 3]],
  ])('computes %s', (_op, node, data, shape) => {
    expect(interpret([node], {})).toEqual([value(data, shape)]);
  });

  it('computes the smooth functions, far out too', () => {
    const x = input('x', [3]);
    const feeds = { x: value([0, 800, -800], [3]) };
    const [sigmoid, softplus, tanh] = interpret([ops.sigmoid(x), ops.softplus(x), ops.tanh(x)], feeds);
    expect([...sigmoid!.data]).toEqual([0.5, 1, 0]);
    expect([...softplus!.data]).toEqual([Math.log(2), 800, 0]);
    expect([...tanh!.data]).toEqual([0, 1, -1]);
  });

  it('refuses inputs that disagree on a name, and inputs that are not fed', () => {
    const sum = algebra.add(input('a', ['rows']), input('b', ['rows']));
    expect(() => interpret([sum], { a: value([1, 2], [2]), b: value([1], [1]) })).toThrow(
      '"rows" is 2 and also 1',
    );
    expect(() => interpret([sum], { a: value([1, 2], [2]) })).toThrow('input "b" is not fed');
  });
});
