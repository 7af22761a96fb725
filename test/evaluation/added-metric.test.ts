// A metric that only this test knows goes through the registry into the evaluation, its file, the terminal, the report, a
// comparison, a check, exported scalars and training: none of them needs to be told of it anywhere else.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { renderComparison } from '../../src/cli/render/compare.js';
import { renderEvaluation } from '../../src/cli/render/eval.js';
import { renderRun } from '../../src/cli/render/run.js';
import { styleFor } from '../../src/cli/terminal/style.js';
import { evaluationConfig } from '../../src/evaluation/config/evaluation-config.js';
import type { Metric } from '../../src/evaluation/metrics/metric.js';
import { METRICS } from '../../src/evaluation/metrics/registry.js';
import { valued } from '../../src/evaluation/metrics/value.js';
import { followedMetrics, headlineMetrics, rowMetrics } from '../../src/evaluation/row-metrics.js';
import { sumByBlock } from '../../src/evaluation/uncertainty/entity-bootstrap.js';
import { ratioRule } from '../../src/evaluation/uncertainty/replicate-rules.js';
import { scalarSeries } from '../../src/exchange/scalars.js';
import { renderReport } from '../../src/report/page/render-report.js';
import { readEvaluation, writeEvaluation } from '../../src/runs/evaluation.js';
import { judge } from '../../src/workflows/check/judge.js';
import { compareRuns } from '../../src/workflows/compare.js';
import { simulatedReport, simulatedRun } from '../report/simulated-report.js';

/** How far the mean score is above the label rate; best near 0, in a unit of its own. */
const bias: Metric = {
  name: 'throwAway',
  title: 'bias of the scores',
  short: 'bias',
  better: { nearest: 0 },
  axis: 'Bias: how far the scores are too high',
  where: 'headline',
  definition: () => 'Mean score less label rate, which nobody else knows of.',
  measure: ({ ranked: { scores, member }, rows, entities }) => {
    const gaps = new Float64Array(entities.units);
    scores.forEach((score, place) => {
      gaps[member[place]! >> 1]! += score - (member[place]! & 1);
    });
    return {
      ...valued(gaps.reduce((sum, gap) => sum + gap, 0) / rows),
      rule: (draws) => ratioRule(sumByBlock(gaps, draws), sumByBlock(entities.rows, draws)),
      note: 'Counted by hand.',
    };
  },
};
const registry = [...METRICS, bias];
const runs = [1, 2, 3].map((seed) => simulatedRun({ seed, metrics: registry }));
const run = runs[0]!;
const evaluation = run.evaluation!;
const style = styleFor({ columns: 120, write: () => true }, false);
const config = evaluationConfig.parse({});

it('is measured, resampled and compared, overall and in segments', () => {
  const [model] = evaluation.models;
  const { value, interval } = model!.metrics['throwAway']!;
  expect(interval!.low).toBeLessThan(value!);
  expect(interval!.high).toBeGreaterThan(value!);
  expect(evaluation.comparisons.filter(({ metric }) => metric === 'throwAway').length).toBe(2);
  const measured = model!.segments.filter(({ tooSmall }) => tooSmall === undefined);
  expect(measured.length).toBeGreaterThan(3);
  for (const { metrics, comparisons } of measured) {
    expect(metrics['throwAway']!.value).not.toBeNull();
    expect(comparisons.filter(({ metric }) => metric === 'throwAway').length).toBe(2);
  }
});

it('is kept in eval.json with what is said of it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'limaml-metric-'));
  await writeEvaluation(folder, evaluation, undefined, (path) => writeFile(path, 'rows'));
  const read = readEvaluation({ id: run.id, path: folder })!;
  await rm(folder, { recursive: true });
  expect(read.metrics.at(-1)).toEqual({ ...bias, definition: bias.definition(config), measure: undefined });
});

it('is shown on the terminal', () => {
  const text = renderEvaluation(evaluation, style);
  expect(text).toMatch(/^model .* bias$/m);
  expect(text).toMatch(/limaml vs deep +bias /);
  expect(text).toContain('Bias of the scores: Mean score less label rate');
});

it('is in the tables, figures and definitions of the report', () => {
  const page = renderReport(simulatedReport('experiment', runs));
  for (const text of [
    '|bias of the scores − 0|',
    bias.axis,
    bias.definition(config),
    'bias of the scores of limaml',
  ])
    expect(page).toContain(text);
});

it('is compared across runs, with its spread over seeds', () => {
  const comparison = compareRuns(runs);
  const line = comparison.metrics.find(({ name }) => name === 'test throwAway')!;
  expect(line.values).toEqual(runs.map((one) => one.evaluation!.models[0]!.metrics['throwAway']!.value));
  expect(comparison.seeds.map(({ name }) => name)).toContain('test throwAway');
  expect(renderComparison(comparison, style)).toContain('test bias of the scores');
});

it('is exported as a scalar', () => {
  const [point] = scalarSeries(run, []).get('test/throw_away')!;
  expect(point!.value).toBe(evaluation.models[0]!.metrics['throwAway']!.value);
});

it('is followed in training, and its records are shown', () => {
  const rows = [Uint8Array.of(1, 0), Float64Array.of(0.9, 0.3), Int32Array.of(1, 1)] as const;
  const { titles, measure } = followedMetrics(registry, config, 'throwAway');
  const { values, score } = measure(...rows);
  expect(titles['throwAway']).toBe('bias of the scores');
  expect(values['throwAway']).toBeCloseTo(0.1, 12);
  expect(score).toBeCloseTo(-0.1, 12);
  const metrics = [{ phase: 'select' as const, epoch: 1, loss: 0.5, valid: { ...values, score } }];
  expect(renderRun({ ...run, metrics }, style)).toContain('valid throwAway');
});

it('is held by a check, by its distance from what is best', () => {
  const seeds = (shift: number) =>
    [1, 2, 3, 4].map((seed) => {
      const rows = {
        label: Uint8Array.of(1, 0),
        probability: Float64Array.of(0.9, 0.1 + shift + seed / 1e4),
        entity: Int32Array.of(1, 1),
      };
      return { seed, metrics: { ...rowMetrics(rows, 'test rows', registry, config) }, losses: [], epoch: 1 };
    });
  const held = (shift: number) =>
    judge(seeds(0), seeds(shift), headlineMetrics(registry, config), {
      regression: 0.005,
      tolerance: 0.001,
    }).find(({ name }) => name === 'throwAway')!;
  expect(held(0).verdict).toBe('pass');
  expect(held(0.5).verdict).toBe('fail');
});
