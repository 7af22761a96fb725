// Runs that differ in their seed only, put together, and what their numbers spread to.

import { describe, expect, it } from 'vitest';
import type { ReportRun } from '../../src/report/data/report-run.js';
import { numbersOverSeeds, seedRuns } from '../../src/report/data/seed-runs.js';
import { recipeKey } from '../../src/runs/config.js';
import { simulatedRun } from './simulated-report.js';

const runs = [1, 2, 3].map((seed) => simulatedRun({ seed, curves: false }));
const [first, second, third] = runs as [ReportRun, ReportRun, ReportRun];

function withAuc(run: ReportRun, auc: number, delta: number): ReportRun {
  const evaluation = run.evaluation!;
  return {
    ...run,
    evaluation: {
      ...evaluation,
      models: evaluation.models.map((model, i) =>
        i === 0
          ? { ...model, metrics: { ...model.metrics, auc: { ...model.metrics['auc']!, value: auc } } }
          : model,
      ),
      comparisons: evaluation.comparisons.map((one) => (one.metric === 'auc' ? { ...one, delta } : one)),
    },
  };
}

describe('runs of one recipe', () => {
  it('are told by everything but their seed', () => {
    expect(new Set(runs.map(({ config }) => recipeKey(config))).size).toBe(1);
    const other = structuredClone(first.config);
    (other.recipe.training as { epochs: number }).epochs++;
    expect(recipeKey(other)).not.toBe(recipeKey(first.config));
    const otherData = { ...first.config, dataset: { ...first.config.dataset, hash: 'e'.repeat(64) } };
    expect(recipeKey(otherData)).not.toBe(recipeKey(first.config));
  });

  it('are one a seed, the newest, and only evaluated ones; the shown run stands for its own seed', () => {
    const again = { ...second, id: '20260803-000000-aaaaaa' };
    const unevaluated = { ...third, evaluation: null };
    const ids = (of: ReportRun, all: readonly ReportRun[]) => seedRuns(of, all).map(({ id }) => id);
    expect(ids(first, [second, again, first, unevaluated])).toEqual([first.id, again.id]);
    expect(ids(second, [first, second, again])).toEqual([first.id, second.id]);
  });
});

describe('numbers over seeds', () => {
  it('have their mean, deviation and interval by hand', () => {
    const found = numbersOverSeeds([
      withAuc(first, 0.7, 0.01),
      withAuc(second, 0.72, 0.03),
      withAuc(third, 0.74, 0.02),
    ]);
    expect(found.map(({ metric, baseline }) => [metric.name, baseline])).toEqual(
      ['auc', 'groupAuc', 'logLoss'].flatMap((metric) =>
        [null, 'widedeep', 'deep'].map((baseline) => [metric, baseline]),
      ),
    );
    const [auc, difference] = found;
    expect(auc!.spread.mean).toBeCloseTo(0.72, 12);
    expect(auc!.spread.standardDeviation).toBeCloseTo(0.02, 12);
    expect(difference!.values.map(({ value }) => value)).toEqual([0.01, 0.03, 0.02]);
    // t with 2 degrees of freedom at 97.5 % is 4.30265; times 0.01 / √3.
    expect(difference!.spread.low).toBeCloseTo(0.02 - 4.30265 * (0.01 / Math.sqrt(3)), 6);
  });

  it('leave out a number that some seed lacks, and say nothing of one seed', () => {
    const without = { ...second, evaluation: { ...second.evaluation!, comparisons: [] } };
    expect(numbersOverSeeds([first, without]).map(({ baseline }) => baseline)).toEqual([null, null, null]);
    expect(numbersOverSeeds([first])).toEqual([]);
    expect(numbersOverSeeds([])).toEqual([]);
  });
});
