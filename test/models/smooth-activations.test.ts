// The meta-learned models with smooth activations in both blocks: gradients through the inner loop, and export, as with ReLUs.
import { describe, expect, it } from 'vitest';
import { adaptProgram, scoringProgram } from '../../src/engine/programs/programs.js';
import { ACTIVATION_NAMES } from '../../src/models/layers/activations.js';
import { limaml } from '../../src/models/limaml.js';
import { drawFeeds } from '../../src/testing/float64/draw-feeds.js';
import { interpret } from '../../src/testing/float64/interpreter.js';
import { modelContract } from '../../src/testing/model-contract.js';
import { plantedDataset } from '../support/planted-dataset.js';
import { smallModel } from '../support/small-model.js';

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

it('is another function in either block', () => {
  const dataset = plantedDataset();
  const scored = (options: object): number => {
    const model = smallModel('limaml', dataset, options);
    const sizes = { tasks: 2, support: 3, rows: 4 };
    return [adaptProgram(model).outputs['vector']!, scoringProgram(model).outputs['logit']!]
      .flatMap((output) => interpret([output], drawFeeds(model, [output], sizes, 'activations')))
      .flatMap(({ data }) => [...data])
      .reduce((total, x) => total + x);
  };
  const sums: number[] = [];
  for (const activation of ACTIVATION_NAMES) {
    sums.push(scored({ meta: { hidden: [8], size: 4, activation } }));
    sums.push(scored({ global: { hidden: [8], activation } }));
  }
  // ReLUs in both stand twice.
  expect(new Set(sums).size).toBe(2 * ACTIVATION_NAMES.length - 1);
});
