// Every op, its gradient and its second derivative give the same numbers on every executor as in float64.
import { describe, expect, it } from 'vitest';
import { OPS } from '../../src/graph/ops/table.js';
import { OP_CASES } from '../graph/cases/op-cases.js';
import { differentiateCase } from '../graph/gradient-check.js';
import { EXECUTORS } from './executors.js';
import { AGREEMENT, errorOf, sizeAnchor } from './programs.js';

describe.each(EXECUTORS.map((executor) => [executor.name, executor] as const))('%s', (_name, executor) => {
  const seen = new Set<string>();

  it.each(OP_CASES.map((test) => [test.op, test.label, test] as const))(
    '%s: %s',
    async (op, _label, test) => {
      const { feeds, loss, gradients, seconds } = differentiateCase(test);
      const anchor = sizeAnchor(test.sizes);
      const outputs = Object.fromEntries([
        ['anchor out', anchor.node],
        ['value', test.output],
        ['loss', loss],
        ...gradients.map((gradient, i) => [`gradient ${i}`, gradient]),
        ...seconds.map((second, i) => [`second ${i}`, second]),
      ]);
      expect(await errorOf(executor, outputs, { ...feeds, anchor: anchor.fed })).toBeLessThan(AGREEMENT);
      seen.add(op);
    },
  );

  it('ran every op of the table', () => {
    expect(seen.size).toBe(OPS.length);
  });
});
