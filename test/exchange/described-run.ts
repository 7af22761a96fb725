// A run description made by hand: nothing in it depends on this machine or on the program's version.
import type { Recipe } from '../../src/config/recipe-schema.js';
import { evaluationConfig } from '../../src/evaluation/config/evaluation-config.js';
import { defined, metricsOf } from '../../src/evaluation/metrics/metric.js';
import { METRICS } from '../../src/evaluation/metrics/registry.js';
import type { RunDescription } from '../../src/runs/describe.js';
import type { RunEvaluation } from '../../src/runs/evaluation.js';
import type { TimingRecord } from '../../src/runs/metrics-log.js';

export interface DescribedOptions {
  readonly id?: string;
  readonly seed?: number;
  readonly steps?: number;
  readonly data?: string;
  readonly auc?: number;
  readonly testAuc?: number;
  readonly baselineOf?: string;
}

export const TIMINGS: readonly TimingRecord[] = [
  { phase: 'select', epoch: 1, seconds: 2 },
  { phase: 'select', epoch: 2, seconds: 1.5 },
  { phase: 'refit', epoch: 1, seconds: 1 },
];

/** Two epochs to choose, one to refit; evaluated when `testAuc` is given. */
export function describedRun(options: DescribedOptions = {}): RunDescription {
  const {
    id = '20260802-141502-3fa9c1',
    seed = 1,
    steps = 3,
    data = 'd'.repeat(64),
    auc = 0.75,
    testAuc,
  } = options;
  // Only a part of a recipe, so that a new option with a default changes nothing here.
  const recipe = {
    name: 'demo',
    dataset: 'synthetic',
    features: {},
    model: { name: 'limaml', inner: { steps } },
    baselines: {},
    training: { epochs: 2, refit: false },
    seed,
  } as unknown as Recipe;
  const startedAt = '2026-08-02T14:15:02.000Z';
  return {
    id,
    path: `/nowhere/experiments/demo/runs/${id}`,
    experiment: 'demo',
    state: 'finished',
    headShare: null,
    model: 'limaml',
    dataset: 'synthetic',
    seed,
    baselineOf: options.baselineOf ?? null,
    startedAt,
    epochs: 2,
    best: { epoch: 2, auc },
    supports: null,
    seconds: 4.5,
    config: {
      recipe,
      origins: {},
      dataset: { name: 'synthetic', hash: data, path: '../../../../prepared/x' },
      baselineOf: options.baselineOf ?? null,
      key: 'k',
    },
    provenance: {
      startedAt,
      command: ['train', 'demo'],
      limaml: { version: '1.2.3', code: 'c'.repeat(64) },
      git: { commit: 'a'.repeat(40), dirty: false },
      lockfile: null,
      dependencies: {},
      node: 'v20.0.0',
      platform: 'linux x64',
      cpu: { model: 'some', count: 2 },
      memoryBytes: 8e9,
      engine: { name: 'onnxruntime', version: '1.30.0', device: 'cpu', workers: 2 },
      dataset: { name: 'synthetic', hash: data },
      recipe: { file: 'experiments/demo/experiment.yaml', sha256: 'f'.repeat(64) },
      seed,
    },
    metrics: [
      {
        phase: 'select',
        epoch: 1,
        loss: 0.625,
        valid: { auc: 0.5, groupAuc: null, logLoss: 0.6875, score: 0.5 },
      },
      {
        phase: 'select',
        epoch: 2,
        loss: 0.5,
        valid: { auc, groupAuc: 0.71875, logLoss: 0.5625, score: auc },
      },
      { phase: 'refit', epoch: 1, loss: 0.609375 },
    ],
    evaluation:
      testAuc === undefined
        ? null
        : someEvaluation([
            { run: id, model: 'limaml', values: { auc: testAuc, groupAuc: null, logLoss: 0.5 } },
          ]),
    failure: null,
  };
}

/** As much of an evaluation as lists and exports read: 1000 rows, and values without intervals. */
export function someEvaluation(
  models: readonly {
    readonly run: string;
    readonly model: string;
    readonly values: Readonly<Record<string, number | null>>;
  }[],
): RunEvaluation {
  const config = evaluationConfig.parse({ k: [] });
  const scores = (values: Readonly<Record<string, number | null>>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, interval: null }]));
  return {
    rows: 1000,
    metrics: metricsOf(METRICS, config).map((metric) => defined(metric, config)),
    models: models.map(({ run, model, values }) => ({ run, model, metrics: scores(values), segments: [] })),
    comparisons: [],
    replays: [],
  } as unknown as RunEvaluation;
}
