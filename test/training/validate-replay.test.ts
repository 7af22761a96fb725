// Validation rows are scored as the recipe is judged: with vectors that go by its replay.
import { expect, it } from 'vitest';
import { loadSource } from '../../src/engine/features/load-source.js';
import { initialState } from '../../src/engine/model-state.js';
import { programsToScore } from '../../src/engine/programs/program-key.js';
import { openRunner } from '../../src/engine/runner/open-runner.js';
import { SPLIT } from '../../src/prepared/format.js';
import { FROZEN, type Replay } from '../../src/scoring/replay.js';
import { smallExecution, smallTraining } from '../../src/testing/subject/small-training.js';
import { scoreValidation } from '../../src/training/validate.js';
import { plantedDataset } from '../support/planted-dataset.js';
import { smallModel } from '../support/small-model.js';

/** 13 training rows a member, one a second, then 3 validation rows. */
const dataset = plantedDataset();
const metrics = { titles: {}, measure: () => ({ values: {}, score: 0 }) };

async function scored(name: string, replay: Replay): Promise<readonly (readonly number[])[]> {
  const model = smallModel(name, dataset);
  const source = await loadSource(dataset, [SPLIT.train]);
  const runner = await openRunner(model, initialState(model, 7), smallExecution(), programsToScore(model));
  const inputs = { model, dataset, training: smallTraining(), execution: smallExecution(), seed: 7, metrics };
  const { probability, entity } = await scoreValidation({ ...inputs, replay }, source, runner);
  await runner.close();
  const rows = new Map<number, number[]>();
  probability.forEach((p, i) => {
    rows.set(entity[i]!, [...(rows.get(entity[i]!) ?? []), p]);
  });
  return [...rows.values()];
}

it('the first row of a member is scored as with frozen vectors, the others know the rows between', async () => {
  const frozen = await scored('limaml', FROZEN);
  const renewed = await scored('limaml', { refresh: 'event', delayMs: 0 });
  expect(frozen).toHaveLength(40);
  renewed.forEach(([first, second, third], member) => {
    expect(first).toBeCloseTo(frozen[member]![0]!, 6);
    expect(Math.abs(second! - frozen[member]![1]!)).toBeGreaterThan(1e-6);
    expect(Math.abs(third! - frozen[member]![2]!)).toBeGreaterThan(1e-6);
  });
  // A delay of two seconds holds back the row before, and the last training row.
  const late = await scored('limaml', { refresh: 'event', delayMs: 2000 });
  late.forEach(([first], member) => {
    expect(Math.abs(first! - frozen[member]![0]!)).toBeGreaterThan(1e-6);
  });
});

it('what adapts nothing, and a model that would be trained again, is scored as it stands', async () => {
  const frozen = await scored('widedeep', FROZEN);
  expect(await scored('widedeep', { refresh: 'event', delayMs: 0 })).toEqual(frozen);
  expect(await scored('limaml', { refresh: 'none', delayMs: 0, retrainMs: 1000 })).toEqual(
    await scored('limaml', FROZEN),
  );
});
