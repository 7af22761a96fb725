// Models that read supports against PyTorch, gradients included (test/fixtures/make/support_models.py).
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { trainingProgram } from '../../src/engine/programs/programs.js';
import { programInputs } from '../../src/graph/onnx/model.js';
import type { ModelInputs } from '../../src/models/contract/definition.js';
import { type Field, featureField } from '../../src/models/contract/fields.js';
import { din } from '../../src/models/din.js';
import { melu } from '../../src/models/melu.js';
import { interpret } from '../../src/testing/float64/interpreter.js';
import { value } from '../../src/testing/float64/value.js';

const recorded = JSON.parse(
  readFileSync(new URL('../fixtures/models/support-models.json', import.meta.url), 'utf8'),
);
const id = (name: string, kind: 'entityId' | 'itemId'): Field => ({
  name,
  kind: 'categorical',
  size: 5,
  source: { kind },
});
const number = (name: string, side: 'entity' | 'item'): Field =>
  featureField({ name, side, kind: 'numeric' } as Parameters<typeof featureField>[0]);
const inputs: ModelInputs = {
  entityId: id('entity', 'entityId'),
  itemId: id('item', 'itemId'),
  entity: [number('age', 'entity')],
  item: [number('year', 'item')],
  event: [],
};
const built = {
  din: din.build(
    din.config.parse({
      embedding: { size: 2, dropout: 0 },
      attention: { size: 2, hidden: 3, values: 2, shrinkage: 5 },
      global: { hidden: [3] },
    }),
    inputs,
  ),
  melu: melu.build(
    melu.config.parse({
      embedding: { dropout: 0 },
      hidden: [3],
      inner: { steps: 2, rate: 0.4 },
    }),
    { ...inputs, item: [...inputs.item, number('price', 'item')] },
  ),
};

describe.each(['din', 'melu'] as const)('%s', (name) => {
  const { feeds, loss, gradients } = recorded[name];
  const { outputs } = trainingProgram(built[name]);
  const wanted = Object.keys(gradients);

  it('is fed what the reference was fed', () => {
    const used = programInputs({ outputs: { loss: outputs['loss']! } });
    expect([...used.keys()].sort()).toEqual(Object.keys(feeds).sort());
    expect(wanted.length).toBeGreaterThan(5);
  });

  it('has the loss and the gradients that PyTorch has', () => {
    const fed = Object.fromEntries(
      Object.entries(feeds as Record<string, { data: number[]; shape: number[] }>).map(([input, x]) => [
        input,
        value(x.data, x.shape),
      ]),
    );
    const nodes = [outputs['loss']!, ...wanted.map((input) => outputs[`d.${input}`]!)];
    const [found, ...slopes] = interpret(nodes, fed);
    expect(found!.data[0]).toBeCloseTo(loss, 8);
    wanted.forEach((input, i) => {
      const { data } = gradients[input];
      expect([...slopes[i]!.data].length).toBe(data.length);
      const off = Math.max(...[...slopes[i]!.data].map((x, j) => Math.abs(x - data[j])));
      expect([input, off < 1e-8]).toEqual([input, true]);
    });
  });
});
