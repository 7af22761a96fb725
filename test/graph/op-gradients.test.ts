// First and second derivatives of every op against finite differences in float64.
import { describe, expect, it } from 'vitest';
import { OPS } from '../../src/graph/ops/table.js';
import { interpret } from '../../src/testing/float64/interpreter.js';
import { KERNELS } from '../../src/testing/float64/kernels.js';
import { OP_CASES } from './cases/op-cases.js';
import { differentiateCase, gradientError, TOLERANCE } from './gradient-check.js';

/** Ops whose gradient is zero by definition, whatever finite differences say of them. */
const BLOCKING = ['step', 'detach', 'constant'];

describe('the list of ops', () => {
  const names = OPS.map((op) => op.name);

  it('names each op once', () => {
    expect(new Set(names).size).toBe(OPS.length);
  });

  it('is what the reference interpreter covers, no more and no less', () => {
    expect([...KERNELS.keys()].sort()).toEqual([...names].sort());
  });

  it('is what the cases cover, each op in at least one', () => {
    expect([...new Set(OP_CASES.map((test) => test.op))].sort()).toEqual([...names].sort());
    expect(new Set(OP_CASES.map((test) => test.op)).size).toBe(OPS.length);
  });
});

describe.each(OPS.filter((op) => !BLOCKING.includes(op.name)).map((op) => op.name))('%s', (name) => {
  it.each(OP_CASES.filter((test) => test.op === name).map((test) => [test.label, test] as const))(
    'has the derivatives of its values: %s',
    (_label, test) => {
      const { first, second } = gradientError(test);
      expect(first).toBeLessThan(TOLERANCE);
      expect(second).toBeLessThan(TOLERANCE);
    },
  );
});

describe.each(BLOCKING)('%s', (name) => {
  it.each(OP_CASES.filter((test) => test.op === name).map((test) => [test.label, test] as const))(
    'lets nothing flow back: %s',
    (_label, test) => {
      const { feeds, gradients, seconds } = differentiateCase(test);
      const all = interpret([...gradients, ...seconds], feeds, test.sizes);
      expect(all.length).toBe(2);
      for (const { data, shape } of all) {
        expect(shape).toEqual(feeds['x0']!.shape);
        for (const x of data) expect(Math.abs(x)).toBe(0);
      }
    },
  );
});
