// A broken gradient rule is caught: for every op, every input position and every way of breaking it.
import { describe, expect, it } from 'vitest';
import { OPS } from '../../src/graph/ops/table.js';
import { interpret } from '../../src/testing/float64/interpreter.js';
import { OP_CASES } from './cases/op-cases.js';
import { differentiateCase, gradientError, TOLERANCE } from './gradient-check.js';
import { GENERIC_MUTATIONS, ruleAt, WRONG_TERMS, withRule } from './mutations.js';

const casesOf = (name: string) => OP_CASES.filter((test) => test.op === name);

/** Every place of the table that holds a rule. Ops of any number of inputs count as many as their widest case. */
const PLACES = OPS.flatMap((op) => {
  const inputs = Math.max(...casesOf(op.name).map((test) => test.output.inputs.length));
  return Array.from({ length: inputs }, (_, position) => ({ op, position })).filter(
    (place) => ruleAt(place.op, place.position) !== null,
  );
});

/** The worst errors over the op's cases while its rule is another one, each order by itself. */
function worstErrors(name: string): { first: number; second: number } {
  const errors = casesOf(name).map(gradientError);
  return {
    first: Math.max(...errors.map((error) => error.first)),
    second: Math.max(...errors.map((error) => error.second)),
  };
}

describe('the places that are broken', () => {
  it('are every input of numbers of every op that differentiates', () => {
    const without = OPS.filter((op) => !PLACES.some((place) => place.op === op)).map((op) => op.name);
    expect(without).toEqual(['input', 'constant', 'step', 'detach']);
    const numbers = OPS.filter((op) => !without.includes(op.name)).map((op) =>
      Math.max(
        ...casesOf(op.name).map(
          (test) => test.output.inputs.filter((input) => input.dtype === 'float32').length,
        ),
      ),
    );
    expect(PLACES.length).toBe(numbers.reduce((total, count) => total + count, 0));
    expect(PLACES.length).toBeGreaterThanOrEqual(29);
  });

  it('have wrong terms only where there is a rule', () => {
    for (const [name, rules] of Object.entries(WRONG_TERMS))
      for (const [position] of rules)
        expect(PLACES.some((place) => place.op.name === name && place.position === position)).toBe(true);
  });
});

describe.each(PLACES.map(({ op, position }) => [op.name, position, op] as const))(
  '%s, input %i',
  (name, position, op) => {
    it.each(Object.entries(GENERIC_MUTATIONS))('is caught when %s', (kind, mutate) => {
      const { first, second } = withRule(op, position, mutate(ruleAt(op, position)!), () =>
        worstErrors(name),
      );
      if (kind === 'cut off from the second order') expect(first).toBeLessThan(TOLERANCE);
      expect(Math.max(first, second)).toBeGreaterThan(1e3 * TOLERANCE);
    });
  },
);

const WRONG = Object.entries(WRONG_TERMS).flatMap(([name, rules]) =>
  rules.map(([position, rule]) => [name, position, rule] as const),
);

describe('a wrong or missing term', () => {
  it.each(WRONG)('is caught in %s, input %i', (name, position, rule) => {
    const op = OPS.find((candidate) => candidate.name === name)!;
    const { first, second } = withRule(op, position, rule, () => worstErrors(name));
    expect(Math.max(first, second)).toBeGreaterThan(1e3 * TOLERANCE);
  });
});

describe.each(['step', 'detach'])('%s', (name) => {
  it('is caught when it lets the gradient through', () => {
    const op = OPS.find((candidate) => candidate.name === name)!;
    for (const test of casesOf(name)) {
      const { feeds, gradients } = withRule(
        op,
        0,
        (_node, d) => d,
        () => differentiateCase(test),
      );
      const [gradient] = interpret(gradients, feeds, test.sizes);
      expect(gradient!.data.some((x) => x !== 0)).toBe(true);
    }
  });
});

describe('the table', () => {
  it('is whole again after every rule was broken', () => {
    for (const op of new Set(PLACES.map((place) => place.op)))
      expect(worstErrors(op.name).second).toBeLessThan(TOLERANCE);
  });
});
