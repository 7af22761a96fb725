// The weight of a second head, chosen on validation rows: the best of the grid by real scoring, kept through refits and stops.
import { describe, expect, it } from 'vitest';
import { loadSource } from '../../src/engine/features/load-source.js';
import { copyState } from '../../src/engine/model-state.js';
import { programsToScore } from '../../src/engine/programs/program-key.js';
import { scoringProgram, trainingProgram } from '../../src/engine/programs/programs.js';
import { openRunner } from '../../src/engine/runner/open-runner.js';
import { programInputs } from '../../src/graph/onnx/model.js';
import { SPLIT } from '../../src/prepared/format.js';
import { silent } from '../../src/progress.js';
import { FROZEN } from '../../src/scoring/replay.js';
import { bytesOf, smallExecution, smallTraining, train } from '../../src/testing/subject/small-training.js';
import type { TrainingState } from '../../src/training/training-state.js';
import { scoreValidation } from '../../src/training/validate.js';
import { plantedDataset } from '../support/planted-dataset.js';
import { smallModel } from '../support/small-model.js';

const dataset = plantedDataset();
const heads = (share: number | 'validation') =>
  smallModel('limaml', dataset, { heads: ['meta', 'ids'], ids: { hidden: [8], share } });
const model = heads('validation');
/** Mean squared distance, negative: no two shares have the same. */
const metrics = {
  titles: {},
  measure: (label: Uint8Array, probability: Float64Array) => {
    const score = -label.reduce((sum, y, i) => sum + (y - probability[i]!) ** 2, 0) / label.length;
    return { values: {}, score };
  },
};
const shareOf = (state: { readonly parameters: ReadonlyMap<string, Float32Array> }): number =>
  Number(state.parameters.get('ids.share')![0]!.toFixed(6));

describe('a share that validation rows choose', () => {
  it('is a number that is scored with and that no gradient moves', () => {
    const inputs = (of: ReturnType<typeof scoringProgram>) => [...programInputs(of).keys()];
    expect(inputs(scoringProgram(model))).toContain('ids.share');
    expect(inputs(trainingProgram(model))).not.toContain('ids.share');
    expect(inputs(scoringProgram(heads(0.5)))).not.toContain('ids.share');
  });

  it('is the best of eleven by real scoring, once the epoch is chosen', async () => {
    const { state, headShare } = await train(model, dataset, smallTraining(), { metrics });
    const { state: even } = await train(heads(0.5), dataset, smallTraining(), { metrics });
    // Nothing else is another than with a half.
    for (const [name, values] of even.parameters) expect(state.parameters.get(name)).toEqual(values);
    const share = state.parameters.get('ids.share')!;
    const source = await loadSource(dataset, [SPLIT.train]);
    const runner = await openRunner(model, state, smallExecution(), programsToScore(model));
    const inputs = {
      model,
      dataset,
      training: smallTraining(),
      execution: smallExecution(),
      seed: 7,
      metrics,
    };
    const found: [number, number][] = [];
    for (let tenth = 0; tenth <= 10; tenth++) {
      share.fill(tenth / 10);
      const { label, probability } = await scoreValidation({ ...inputs, replay: FROZEN }, source, runner);
      found.push([tenth / 10, metrics.measure(label, probability).score]);
    }
    await runner.close();
    const [best] = found.sort(([, a], [, b]) => b - a);
    expect(headShare!.share).toBe(best![0]);
    expect(headShare!.score).toBeCloseTo(best![1], 6);
    expect(headShare!.before).toBeCloseTo(found.find(([tenth]) => tenth === 0.5)![1], 6);
    expect(headShare!.score).toBeGreaterThan(headShare!.before);
  });

  it('is that of the refit too, stopped within it or not', async () => {
    const training = smallTraining({ refit: true, epochs: 2 });
    const states: TrainingState[] = [];
    const whole = await train(model, dataset, training, {
      metrics,
      onEpoch: async (_, from) => {
        states.push({ ...from, state: copyState(from.state), optimizer: structuredClone(from.optimizer) });
      },
    });
    expect(whole.refitted).toBe(true);
    expect(shareOf(whole.state)).toBe(whole.headShare!.share);
    expect(shareOf(whole.state)).not.toBe(0.5);
    const during = states.findLast(({ phase }) => phase === 'refit')!;
    const resumed = await train(model, dataset, training, { metrics, progress: silent, resumeFrom: during });
    expect(bytesOf(resumed.state).equals(bytesOf(whole.state))).toBe(true);
    expect(resumed.headShare).toEqual(whole.headShare);
  });
});
