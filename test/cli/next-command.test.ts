// Every result ends with the command to go on with, fit to be copied.
import { describe, expect, it } from 'vitest';
import { renderChecks } from '../../src/cli/render/check.js';
import { renderDiagnosis } from '../../src/cli/render/doctor.js';
import { renderEvaluated } from '../../src/cli/render/eval.js';
import { renderProfile } from '../../src/cli/render/profile.js';
import { renderRun } from '../../src/cli/render/run.js';
import { renderSweep } from '../../src/cli/render/sweep.js';
import { typedAgain } from '../../src/cli/spec/typed-again.js';
import { nextCommand } from '../../src/cli/terminal/next-command.js';
import { styleFor } from '../../src/cli/terminal/style.js';
import type { DatasetProfile } from '../../src/onboard/profile/dataset-profile.js';
import { overridesOf } from '../../src/runs/stored-config.js';
import { boards } from '../../src/workflows/sweep/leaderboard.js';
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
    const typed = { check: ['--seed', '1'], train: ['--on-error', 'reject'] };
    const said = (one: typeof check): string =>
      renderChecks({ passed: one.passed, checks: [one] }, typed, style);
    expect(said(check)).toMatch(/: limaml check \S+ --seed 1$/);
    expect(said({ ...check, updated: false })).toMatch(/: limaml train \S+ --on-error reject$/);
    expect(said({ ...check, updated: false, passed: false })).not.toContain(': limaml');
  });

  it('after an evaluation is the export of the run that was evaluated', () => {
    const { evaluation } = simulatedRun({ seed: 1, curves: false });
    expect(renderEvaluated(evaluation!, style).split('\n').at(-1)).toBe(
      `Serve it: limaml export ${evaluation!.run} --out bundle --verify`,
    );
  });
});

describe('the next command has the flags of the one before', () => {
  const typed = typedAgain({ set: ['training.epochs=2'], data: 'my logs', onError: 'reject' });
  const last = (text: string): string => text.split('\n').at(-1)!;

  it('in one order, and none that were not typed', () => {
    expect(typedAgain({})).toEqual([]);
    expect(
      typedAgain({
        onError: 'stop',
        prepared: 'p',
        data: 'd',
        set: ['a=1', 'b=2'],
        seed: 0,
        model: 'm',
      }).join(' '),
    ).toBe('--model m --seed 0 --set a=1 --set b=2 --data d --prepared p --on-error stop');
  });

  const board = {
    experiment: 'shop',
    dataset: 'shop',
    model: 'limaml',
    metric: 'auc',
    method: 'random',
    seed: 1,
    path: '/w/experiments/shop/sweeps/1',
    models: boards(
      ['widedeep'],
      [
        {
          ...{ model: 'widedeep', trial: 1, rung: 0, assignment: { 'model.l2': 0.1 }, epochs: 2, value: 0.7 },
          ...{ bestEpoch: 1, seconds: 1, failure: null, run: 'r', score: 0.7, trained: 2 },
        },
      ],
    ),
    page: '/w/experiments/shop/sweeps/1/sweep.html',
  } as const;

  it('after a sweep, and the model that was swept where the recipe is of another', () => {
    expect(last(renderSweep({ ...board, tuned: null }, 'shop', typed, style))).toBe(
      "Train widedeep: limaml train shop --model widedeep --set training.epochs=2 --data 'my logs' --on-error reject --set model.l2=0.1",
    );
    expect(last(renderSweep({ ...board, tuned: '/w/tuned.yaml' }, 'shop', typed, style))).toBe(
      "Train what won: limaml train /w/tuned.yaml --set training.epochs=2 --data 'my logs' --on-error reject",
    );
  });

  it('after a look at a log with rows that cannot be read: without them, or once they are correct', () => {
    const warned = (codes: readonly string[], rows = 1): DatasetProfile =>
      ({
        ...{ dataset: 'shop', layout: null, files: ['shop.csv'], rows, dropped: {}, rejects: [] },
        ...{ entities: 1, items: 1, time: null, labelRate: null, duplicates: 0, columns: [], tables: [] },
        historyLengths: { median: 1, mean: 1, max: 1, bars: [] },
        suggestions: codes.map((code) => ({ level: 'warning', code, where: 'events', text: '' })),
      }) as unknown as DatasetProfile;
    const commands = (profile: DatasetProfile, flags: readonly string[]): readonly string[] =>
      renderProfile(profile, ['prep', 'shop', ...flags])
        .split('\n')
        .filter((line) => line.includes(': limaml'));
    const next = (codes: readonly string[], ...flags: readonly string[]): readonly string[] =>
      commands(warned(codes), flags);
    const none = warned(['BAD_ROWS'], 0);
    for (const flags of [[], ['--on-error', 'reject']])
      expect(commands(none, flags)).toEqual([
        `Correct the descriptor, then: ${['limaml prep shop', ...flags].join(' ')}`,
      ]);
    expect(renderProfile(none)).toMatch(/^times +–\nlabel rate +–$/m);
    expect(next([])).toEqual(['Next: limaml prep shop']);
    expect(next(['BAD_ROWS'])).toEqual([
      'Without those rows: limaml prep shop --on-error reject',
      'With them, once they are correct: limaml prep shop',
    ]);
    const rejecting = ['--on-error', 'reject'];
    expect(next(['BAD_ROWS'], ...rejecting)).toEqual(['Next: limaml prep shop --on-error reject']);
    expect(next(['BAD_ROWS', 'NO_CLOCK'], ...rejecting)).toEqual([
      'Correct the descriptor, then: limaml prep shop --on-error reject',
    ]);
  });

  it('after an unfinished run is the command that began it', () => {
    const run = simulatedRun({ seed: 1, curves: false });
    const begun = (state: 'interrupted' | 'running', ...command: readonly string[]): string =>
      last(renderRun({ ...run, state, provenance: { ...run.provenance, command: [...command] } }, style));
    const train = ['train', 'small', '--set', 'training.epochs=2', '--on-error', 'reject'];
    expect(begun('interrupted', ...train)).toBe(`Go on with it: limaml ${train.join(' ')} --resume`);
    expect(begun('interrupted', ...train, '--resume')).toMatch(/reject --resume$/);
    expect(begun('interrupted', 'sweep', 'small')).toBe('Go on with it: limaml sweep small');
    expect(begun('running', ...train)).toBe(`How far it is: limaml runs show ${run.id}`);
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
