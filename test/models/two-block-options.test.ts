// The two-block network with what it may have beside the two blocks: gradients, learning and export as without.
import { describe, expect, it } from 'vitest';
import { limaml } from '../../src/models/limaml.js';
import { modelContract } from '../../src/testing/model-contract.js';

const meta = { hidden: [8], size: 4 };
const GRADIENTS = /finite differences/;
const EXPORT = /exported to files/;

const VARIANTS: Readonly<Record<string, { readonly options: object; readonly checked: readonly RegExp[] }>> =
  {
    'a wide side, dropout of meta features, losses of earlier steps': {
      options: {
        wide: { enabled: true },
        meta: { ...meta, dropout: 0.3 },
        inner: { steps: 3, earlierSteps: 0.4 },
      },
      checked: [GRADIENTS, EXPORT],
    },
    'cross layers': { options: { global: { hidden: [8], kind: 'dcnv2' } }, checked: [GRADIENTS, EXPORT] },
    'products of pairs': {
      options: { global: { hidden: [8], kind: 'deepfm' } },
      checked: [GRADIENTS, EXPORT],
    },
    'two heads': {
      options: {
        heads: ['meta', 'ids'],
        ids: { hidden: [8], embedding: { size: 4, dropout: 0.2 }, hiddenDropout: 0.1, batchNorm: true },
      },
      checked: [GRADIENTS, EXPORT, /the training loss/, /number of workers/],
    },
  };

describe.each(Object.entries(VARIANTS))('with %s', (_, { options, checked }) => {
  const checks = modelContract(limaml, { options }).filter(({ name }) =>
    checked.some((wanted) => wanted.test(name)),
  );

  it('is held to some checks', () => {
    expect(checks.length).toBe(checked.length);
  });
  for (const { name, run } of checks) it(name, run, 120_000);
});
