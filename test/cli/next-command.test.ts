// Every result ends with the command to go on with, fit to be copied.
import { describe, expect, it } from 'vitest';
import { renderEvaluated } from '../../src/cli/render/eval.js';
import { nextCommand } from '../../src/cli/terminal/next-command.js';
import { styleFor } from '../../src/cli/terminal/style.js';
import { overridesOf } from '../../src/runs/stored-config.js';
import { simulatedRun } from '../report/simulated-report.js';

const style = styleFor({ write: () => true }, false, '/');

describe('the next command', () => {
  it('has every word as a shell needs it', () => {
    expect(nextCommand('Go on', 'export', '20260802-141502-3fa9c1', '--out', 'my bundle')).toBe(
      "Go on: limaml export 20260802-141502-3fa9c1 --out 'my bundle'",
    );
    expect(nextCommand('Go on', "it's", '$HOME', '')).toBe("Go on: limaml 'it'\\''s' '$HOME' ''");
  });

  it('after an evaluation is the export of the run that was evaluated', () => {
    const { evaluation } = simulatedRun({ seed: 1, curves: false });
    expect(renderEvaluated(evaluation!, style).split('\n').at(-1)).toBe(
      `Serve it: limaml export ${evaluation!.run} --out bundle --verify`,
    );
  });
});

describe('overrides of a run', () => {
  it('are the flags that made it another experiment, each once', () => {
    const origins = {
      seed: '--seed 2',
      'model.name': '--model widedeep',
      'model.inner.steps': '--set model.inner.steps=0',
      'model.hidden': 'experiment.yaml:3:5',
      'training.epochs': 'default',
      'execution.workers': '--workers 2',
      'training.clip': '--set training={clip: 1, metric: auc}',
      'training.metric': '--set training={clip: 1, metric: auc}',
    };
    expect(overridesOf({ origins })).toEqual([
      '--seed 2',
      '--model widedeep',
      '--set model.inner.steps=0',
      '--set training={clip: 1, metric: auc}',
    ]);
    expect(overridesOf({ origins: { seed: 'default' } })).toEqual([]);
  });
});
