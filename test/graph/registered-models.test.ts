// Loss, gradients and meta-gradients of the recorded models: number by number against PyTorch autograd, where they are written a
// second time, along a direction against finite differences in float64, and the same on every executor. (Gradients of every model are part of the contract.)
import { describe, expect, it } from 'vitest';
import { adaptProgram, trainingProgram } from '../../src/engine/programs/programs.js';
import { programInputs } from '../../src/graph/onnx/model.js';
import { entityPart } from '../../src/models/contract/definition.js';
import { findModel } from '../../src/models/registry.js';
import { randomStream } from '../../src/random.js';
import { relativeError } from '../../src/testing/float64/finite-differences.js';
import { holdDetached } from '../../src/testing/float64/held-detached.js';
import { interpret } from '../../src/testing/float64/interpreter.js';
import { slopes } from '../../src/testing/float64/slopes.js';
import type { Value, Values } from '../../src/testing/float64/value.js';
import { EXECUTORS } from '../runtime/executors.js';
import { AGREEMENT, errorOf } from '../runtime/programs.js';
import { MODEL_CASES } from './model-fixture.js';

/** Results of a program by output name, in float64. */
function results(
  outputs: Parameters<typeof programInputs>[0]['outputs'],
  feeds: Values,
): Record<string, Value> {
  const values = interpret(Object.values(outputs), feeds);
  return Object.fromEntries(Object.keys(outputs).map((name, i) => [name, values[i]!]));
}

describe('the recorded cases', () => {
  it('are of models that learn by rows and by episodes, and of 0, 1 and 5 steps at both orders', () => {
    const recorded = new Set(MODEL_CASES.map((test) => test.name));
    expect(new Set([...recorded].map((name) => findModel(name).learns)).size).toBe(2);
    const kinds = MODEL_CASES.slice(0, 6).map(
      (test) => `${entityPart(test.model)?.trainSteps} ${test.order}`,
    );
    expect(kinds).toEqual(['0 first', '0 second', '1 first', '1 second', '5 first', '5 second']);
    expect(MODEL_CASES.length).toBe(25);
  });
});

describe.each(MODEL_CASES.map((test) => [test.label, test] as const))('%s', (_label, test) => {
  const { model, feeds } = test;
  const { outputs } = trainingProgram(model);

  it('has the parameters, the loss and the gradients that PyTorch has', () => {
    expect(model.parameters.map((spec) => spec.name).sort()).toEqual([...test.parameters].sort());
    for (const { name, shape } of model.parameters) expect(feeds[name]!.shape).toEqual(shape);
    const found = results(outputs, feeds);
    expect(found['loss']!.data[0]).toBeCloseTo(test.loss, 12);
    const names = Object.keys(test.gradients);
    expect(Object.keys(outputs).sort()).toEqual(['loss', ...names.map((name) => `d.${name}`)].sort());
    for (const name of names)
      expect([name, relativeError(found[`d.${name}`]!, test.gradients[name]!)]).toEqual([
        name,
        expect.closeTo(0, 10),
      ]);
  });

  it('has the gradients that finite differences give', () => {
    const { held, feeds: heldFeeds } = holdDetached(outputs['loss']!, feeds);
    const used = programInputs({ outputs: { held } });
    const names = Object.keys(test.gradients).filter((name) => used.has(name));
    const found = results(outputs, feeds);
    const slope = slopes(held, heldFeeds);
    const errors = names.map((name) => {
      const { data } = found[`d.${name}`]!;
      const stream = randomStream(1, 'direction', name);
      const direction = data.map(() => stream.normal());
      const along = data.reduce((total, x, i) => total + x * direction[i]!, 0);
      return [name, Math.abs(along - slope(name, direction)) / Math.hypot(...data, 1e-3)] as const;
    });
    expect(errors.length).toBeGreaterThan(0);
    for (const [name, error] of errors) expect([name, error < 1e-6]).toEqual([name, true]);
  });

  it.each(EXECUTORS.map((executor) => [executor.name, executor] as const))(
    'gives the same numbers on %s',
    async (_name, executor) => {
      expect(await errorOf(executor, outputs, feeds)).toBeLessThan(AGREEMENT);
    },
  );
});

describe.each(
  MODEL_CASES.flatMap(({ label, model, feeds, vector }) =>
    vector === undefined ? [] : [[label, model, feeds, vector] as const],
  ),
)('the adapted vectors of %s', (_label, model, feeds, vector) => {
  it('are those that PyTorch has', () => {
    const adapted = adaptProgram(model).outputs;
    expect(relativeError(results(adapted, feeds)['vector']!, vector)).toBeLessThan(1e-12);
  });
});
