// Every registered model holds the contract. A new model gets these tests by being in the registry.
import { describe, expect, it } from 'vitest';
import { MODELS } from '../../src/models/registry.js';
import { modelContract } from '../../src/testing/model-contract.js';

it('has models to hold to it, and asks a good deal of each', () => {
  expect(MODELS.length).toBeGreaterThan(3);
  for (const model of MODELS) expect(modelContract(model).length).toBe(16);
});

describe.each(MODELS.map((model) => [model.name, model] as const))('%s', (_name, model) => {
  for (const { name, run } of modelContract(model)) it(name, run, 120_000);
});
