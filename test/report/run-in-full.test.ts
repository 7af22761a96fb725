// The run that the report of an experiment shows in full: what the experiment is about, not what was tried last.
import { describe, expect, it } from 'vitest';
import type { ReportRun } from '../../src/report/data/report-run.js';
import { flagsOf, runInFull } from '../../src/report/data/run-in-full.js';
import { simulatedRun } from './simulated-report.js';

/** A run of so many epochs, by the recipe or by a flag. */
function run(id: string, epochs: number, flag: boolean, seed = 1): ReportRun {
  const made = simulatedRun({ seed, curves: false });
  const { recipe } = structuredClone(made.config);
  (recipe.training as { epochs: number }).epochs = epochs;
  const by = flag ? `--set training.epochs=${epochs}` : 'experiments/small/experiment.yaml:3:9';
  const origins = { ...made.config.origins, 'model.inner.steps': 'default', 'training.epochs': by };
  return { ...made, id, config: { ...made.config, recipe, origins } };
}

const whole = run('1', 3, false);
const ablation = run('2', 0, true);

describe('the run in full', () => {
  it('is that of the recipe as it is written, though an ablation was tried since', () => {
    expect(runInFull([whole, ablation])?.id).toBe('1');
    expect(runInFull([whole, run('3', 3, false), ablation])?.id).toBe('3');
    expect([flagsOf(whole), flagsOf(ablation)]).toEqual([[], ['--set training.epochs=0']]);
  });

  it('is that of what was tried with the most seeds, and an evaluated one before all', () => {
    expect(runInFull([ablation, run('3', 0, true, 2), whole])?.id).toBe('3');
    expect(runInFull([{ ...whole, evaluation: null }, ablation])?.id).toBe('2');
    expect(
      runInFull([
        { ...whole, evaluation: null },
        { ...ablation, evaluation: null },
      ])?.id,
    ).toBe('2');
    const baseline = { ...whole, id: '4', baselineOf: '1' };
    expect(runInFull([whole, baseline])?.id).toBe('1');
    expect([runInFull([baseline])?.id, runInFull([])]).toEqual(['4', undefined]);
  });
});
