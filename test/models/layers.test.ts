// Layers: activations by hand, and their first and second derivatives against finite differences.

import { describe, expect, it } from 'vitest';
import { differentiate } from '../../src/graph/differentiate.js';
import type { Node } from '../../src/graph/ir/node.js';
import { mul, sum } from '../../src/graph/ops/algebra.js';
import { input } from '../../src/graph/ops/leaves.js';
import type { TrainingPass } from '../../src/models/contract/training-pass.js';
import { ACTIVATION_NAMES, ACTIVATIONS } from '../../src/models/layers/activations.js';
import { dense, denseParameters } from '../../src/models/layers/dense.js';
import { type HiddenLayers, mlp, mlpDropouts, mlpParameters } from '../../src/models/layers/mlp.js';
import { finiteDifferences, relativeError } from '../../src/testing/float64/finite-differences.js';
import { interpret } from '../../src/testing/float64/interpreter.js';
import { type Values, value } from '../../src/testing/float64/value.js';

const total = (x: Node): Node =>
  sum(
    x,
    x.shape.map((_, axis) => axis),
  );

/** The largest error of the first and second derivatives of `y` by the input x, against finite differences. */
function errors(y: Node, x: Node, feeds: Values): readonly number[] {
  const loss = total(mul(y, y));
  const [first] = differentiate(loss, [x]);
  const bent = total(mul(first!, first!));
  const [second] = differentiate(bent, [x]);
  return [
    [first!, loss],
    [second!, bent],
  ].map(([found, of]) =>
    relativeError(interpret([found!], feeds)[0]!, finiteDifferences(of!, ['x'], feeds)[0]!),
  );
}

describe('activations', () => {
  const POINTS = [-3, -1, 0, 0.5, 2];
  const EXPECTED = {
    relu: [0, 0, 0, 0.5, 2],
    silu: [-0.142278, -0.268941, 0, 0.31123, 1.761594],
    softplus: [0.048587, 0.313262, Math.LN2, 0.974077, 2.126928],
    tanh: [-0.995055, -0.761594, 0, 0.462117, 0.964028],
  };

  it.each(ACTIVATION_NAMES)('%s has its values and derivatives', (name) => {
    const x = input('x', ['rows']);
    const y = ACTIVATIONS[name](x);
    const found = interpret([y], { x: value(POINTS, [5]) })[0]!;
    expect([...found.data].map((number) => number.toFixed(6))).toEqual(
      EXPECTED[name].map((number) => number.toFixed(6)),
    );
    // Away from zero, where a ReLU has no derivative.
    const feeds = { x: value([-3, -1, -0.2, 0.5, 2], [5]) };
    for (const error of errors(y, x, feeds)) expect(error).toBeLessThan(1e-7);
  });

  it('are these four', () => {
    expect(ACTIVATION_NAMES).toEqual(Object.keys(EXPECTED));
  });
});

describe('dense layers', () => {
  it('multiply and add', () => {
    const [weight, bias] = denseParameters({ weight: 'w', bias: 'b' }, 2, 3, 1);
    expect([weight!.shape, bias!.shape, weight!.init.scale]).toEqual([[2, 3], [1, 3], Math.sqrt(1 / 2)]);
    const parameters = { w: input('w', [2, 3]), b: input('b', [1, 3]) };
    const y = dense(parameters, { weight: 'w', bias: 'b' }, input('x', ['rows', 2]));
    const feeds = {
      w: value([1, 2, 3, 4, 5, 6], [2, 3]),
      b: value([1, 0, -1], [1, 3]),
      x: value([1, 10], [1, 2]),
    };
    expect([...interpret([y], feeds)[0]!.data]).toEqual([42, 52, 62]);
  });

  it('stand one after the other with the activation between them, and none after the last', () => {
    const names = mlpParameters('net', [2, 2, 1]).map(({ name }) => name);
    expect(names).toEqual(['net.w0', 'net.b0', 'net.w1', 'net.b1']);
    const parameters = {
      'net.w0': input('net.w0', [2, 2]),
      'net.b0': input('net.b0', [1, 2]),
      'net.w1': input('net.w1', [2, 1]),
      'net.b1': input('net.b1', [1, 1]),
    };
    const feeds = {
      'net.w0': value([1, 0, 0, 1], [2, 2]),
      'net.b0': value([0, -3], [1, 2]),
      'net.w1': value([1, 1], [2, 1]),
      'net.b1': value([-2], [1, 1]),
      x: value([1, 2], [1, 2]),
    };
    const x = input('x', ['rows', 2]);
    const at = (y: Node): number => interpret([y], feeds)[0]!.data[0]!;
    // Hidden values 1 and −1.
    expect(at(mlp(parameters, 'net', 2, x))).toBe(-1);
    expect(at(mlp(parameters, 'net', 2, x, 'tanh'))).toBeCloseTo(-2, 12);
    for (const name of ACTIVATION_NAMES)
      for (const error of errors(mlp(parameters, 'net', 2, x, name), x, feeds))
        expect(error).toBeLessThan(1e-7);
  });

  it('drop hidden values in training, after the activation, and none of the last layer', () => {
    const hidden = { dropout: 0.5 };
    expect(mlpDropouts('net', [2, 2, 1], hidden)).toEqual([{ name: 'hidden.net.0', width: 2, rate: 0.5 }]);
    expect(mlpDropouts('net', [2, 2, 1], { ...hidden, throughout: true }).length).toBe(2);
    expect(mlpDropouts('net', [2, 2, 1], {})).toEqual([]);
    const parameters = Object.fromEntries(
      mlpParameters('net', [2, 2, 1], hidden).map(({ name, shape }) => [name, input(name, shape)]),
    );
    const feeds = {
      'net.w0': value([1, 0, 0, 1], [2, 2]),
      'net.b0': value([0, 0], [1, 2]),
      'net.w1': value([1, 10], [2, 1]),
      'net.b1': value([1], [1, 1]),
      x: value([3, 4, 3, -4], [2, 2]),
      mask: value([0, 2, 2, 2], [2, 2]),
    };
    const pass: TrainingPass = {
      weight: input('weight', ['rows', 1]),
      mask: (_name, x) => input('mask', x.shape),
      average: () => {},
    };
    const of = (given?: TrainingPass): number[] => {
      const y = mlp(parameters, 'net', 2, input('x', ['rows', 2]), hidden, given);
      return [...interpret([y], feeds)[0]!.data];
    };
    expect(of(pass)).toEqual([0 * 3 + 2 * 40 + 1, 2 * 3 + 2 * 0 + 1]);
    expect(of()).toEqual([3 + 40 + 1, 3 + 0 + 1]);
  });

  it('have batch norm in the place of a hidden bias', () => {
    const names = (hidden: HiddenLayers): string[] =>
      mlpParameters('net', [2, 3, 1], hidden).map(({ name }) => name);
    const norm = (i: number): string[] =>
      ['scale', 'shift', 'mean', 'variance'].map((what) => `net.${what}${i}`);
    expect(names({ batchNorm: true })).toEqual(['net.w0', ...norm(0), 'net.w1', 'net.b1']);
    expect(names({ batchNorm: true, throughout: true })).toEqual([
      'net.w0',
      ...norm(0),
      'net.w1',
      ...norm(1),
    ]);
  });
});
