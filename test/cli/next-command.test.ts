// Every result ends with the command to go on with, fit to be copied.
import { describe, expect, it } from 'vitest';
import { renderChecks } from '../../src/cli/render/check.js';
import { renderDiagnosis } from '../../src/cli/render/doctor.js';
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

  it('after a look at the machine is a look at what is here, unless something failed', () => {
    const rest = { healthy: true, version: '1.0.0', dependencies: {} };
    const finding = { name: 'node', state: 'ok', found: '22' } as const;
    expect(renderDiagnosis({ ...rest, findings: [finding] }, style)).toContain(': limaml here');
    const failed = { ...finding, state: 'failed' } as const;
    expect(renderDiagnosis({ ...rest, findings: [failed] }, style)).not.toContain('limaml here');
  });

  it('after a check is the folder of what was checked, unless it failed', () => {
    const check = {
      experiment: 'tiny',
      model: 'limaml',
      expectation: '/w/experiments/tiny/expected.json',
      expectedSeeds: [1],
      seeds: [1],
      regression: 0.005,
      rows: [],
      advice: [],
      passed: true,
      updated: true,
      seconds: 1,
    };
    const said = (one: typeof check): string => renderChecks({ passed: one.passed, checks: [one] }, style);
    expect(said(check)).toContain(': limaml check ');
    expect(said({ ...check, updated: false })).toContain(': limaml train ');
    expect(said({ ...check, updated: false, passed: false })).not.toContain(': limaml');
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
