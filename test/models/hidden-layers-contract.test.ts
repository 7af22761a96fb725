// Models with dropout of hidden layers and batch norm hold the contract too, the exported files included.
import { describe, expect, it } from 'vitest';
import { dcnv2 } from '../../src/models/dcnv2.js';
import { deep } from '../../src/models/deep.js';
import { modelContract } from '../../src/testing/model-contract.js';

const options = { hidden: [16, 8], hiddenDropout: 0.2, batchNorm: true };

describe.each([deep, dcnv2].map((model) => [model.name, model] as const))('%s', (_name, model) => {
  const checks = modelContract(model, { options });
  it('is asked all of it', () => expect(checks.length).toBe(16));
  for (const { name, run } of checks) it(name, run, 120_000);
});
