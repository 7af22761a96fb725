// Runs side by side: what differs in setting and result, and how far the seed alone moves a metric.
import { describe, expect, it } from 'vitest';
import { evaluationConfig } from '../../src/evaluation/config/evaluation-config.js';
import type { RunDescription } from '../../src/runs/describe.js';
import { compareRuns } from '../../src/workflows/compare.js';
import {
  type DescribedOptions,
  describedRun as described,
  someEvaluation,
} from '../exchange/described-run.js';

/** A described run whose recipe says how it is evaluated. */
function describedRun(options: DescribedOptions): RunDescription {
  const run = described(options);
  const recipe = { ...run.config.recipe, evaluation: evaluationConfig.parse({}) };
  return { ...run, config: { ...run.config, recipe } };
}

describe('a comparison of runs', () => {
  it('shows the keys that differ and no others', () => {
    const { differences } = compareRuns([
      describedRun({ id: 'a' }),
      describedRun({ id: 'b', steps: 0, seed: 2 }),
    ]);
    expect(differences).toEqual([
      { name: 'model.inner.steps', values: [3, 0] },
      { name: 'seed', values: [1, 2] },
    ]);
    expect(compareRuns([describedRun({ id: 'a' }), describedRun({ id: 'b' })]).differences).toEqual([]);
  });

  it('puts results beside each other, those of a baseline from the evaluation that it was part of', () => {
    const evaluated = describedRun({ id: 'a', testAuc: 0.8 });
    const both = {
      ...evaluated,
      evaluation: someEvaluation([
        { model: 'limaml', run: 'a', values: { auc: 0.8 } },
        { model: 'deep', run: 'b', values: { auc: 0.75 } },
      ]),
    };
    const { metrics, cautions } = compareRuns([both, describedRun({ id: 'b', baselineOf: 'a' })]);
    expect(metrics.find(({ name }) => name === 'test auc')).toEqual({
      name: 'test auc',
      title: 'test AUC',
      values: [0.8, 0.75],
    });
    expect(metrics.find(({ name }) => name === 'validation auc')).toEqual({
      name: 'validation auc',
      title: 'validation AUC',
      values: [0.75, 0.75],
    });
    expect(cautions).toEqual(['Whether the difference is more than chance: limaml eval a --baseline b']);
  });

  it('shows headline metrics under every protocol that any was evaluated under', () => {
    const models = (auc: number) => [
      { model: 'limaml', run: 'a', values: { auc, groupAuc: 0.5, logLoss: 0.5 } },
    ];
    const evaluation = {
      ...someEvaluation(models(0.8)),
      replays: [{ ...someEvaluation(models(0.85)), label: 'refresh=1d' } as never],
    };
    const { metrics } = compareRuns([
      { ...describedRun({ id: 'a' }), evaluation },
      describedRun({ id: 'c', testAuc: 0.7 }),
    ]);
    expect(metrics.find(({ name }) => name === 'test auc, refresh=1d')).toEqual({
      name: 'test auc, refresh=1d',
      title: 'test AUC, refresh=1d',
      values: [0.85, null],
    });
    expect(metrics.filter(({ name }) => name.endsWith(', refresh=1d'))).toHaveLength(3);
  });

  it('warns of other data and of runs without an evaluation', () => {
    const { cautions, metrics } = compareRuns([
      describedRun({ id: 'a', testAuc: 0.8 }),
      describedRun({ id: 'b', data: 'e'.repeat(64) }),
    ]);
    expect(metrics.find(({ name }) => name === 'validation auc')!.values).toEqual([0.75, null]);
    expect(cautions).toEqual([
      'Metrics are left out of runs on other data than a (data hash dddddddddddd): b (eeeeeeeeeeee).',
      'Not evaluated yet: b (limaml eval <run>).',
    ]);
  });

  it('measures the spread over seeds among runs that are otherwise alike', () => {
    const runs = [0.7, 0.72, 0.74].map((auc, i) =>
      describedRun({ id: `s${i}`, seed: i, auc, testAuc: auc + 0.01 }),
    );
    const { seeds } = compareRuns([...runs, describedRun({ id: 'other', steps: 1, seed: 9, testAuc: 0.5 })]);
    expect(seeds.map(({ name, runs: of }) => [name, of])).toEqual([
      ['test auc', ['s0', 's1', 's2']],
      ['test logLoss', ['s0', 's1', 's2']],
      ['validation auc', ['s0', 's1', 's2']],
    ]);
    expect(seeds[2]!.mean).toBeCloseTo(0.72, 12);
    expect(seeds[2]!.standardDeviation).toBeCloseTo(0.02, 12);
  });

  it('takes the sample deviation, and a seed that was tried twice once, the newest', () => {
    const runs = [1, 2, 3, 4].map((auc, i) => describedRun({ id: `s${i}`, seed: i, auc }));
    const again = describedRun({ id: 't3', seed: 3, auc: 4 });
    const { seeds } = compareRuns([...runs.map((run, i) => (i === 3 ? { ...run, best: null } : run)), again]);
    expect(seeds).toMatchObject([
      {
        runs: ['s0', 's1', 's2', 't3'],
        name: 'validation auc',
        mean: 2.5,
        standardDeviation: Math.sqrt(5 / 3),
      },
    ]);
    expect(seeds[0]!.values.map(({ seed }) => seed)).toEqual([0, 1, 2, 3]);
  });
});
