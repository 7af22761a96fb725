// The meta-learned models with smooth activations in both blocks: gradients through the inner loop, and export, as with ReLUs.
import { describe, expect, it } from 'vitest';
import { ACTIVATION_NAMES } from '../../src/models/layers/activations.js';
import { limaml } from '../../src/models/limaml.js';
import { modelContract } from '../../src/testing/model-contract.js';

const CHECKED = [/finite differences/, /exported to files/, /the training loss/];

describe.each(ACTIVATION_NAMES.filter((name) => name !== 'relu'))('%s', (activation) => {
  const options = { meta: { hidden: [8], size: 4, activation }, global: { hidden: [8], activation } };
  const checks = modelContract(limaml, { options }).filter(({ name }) =>
    CHECKED.some((wanted) => wanted.test(name)),
  );

  it('is held to some checks', () => {
    expect(checks.length).toBe(CHECKED.length);
  });
  for (const { name, run } of checks) it(name, run);
});
