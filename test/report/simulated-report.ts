// A report's data without any training: scored rows drawn from a made-up world, measured as real ones are.

import { checkRecipe } from '../../src/config/check-recipe.js';
import { evaluateRows } from '../../src/evaluation/evaluate-rows.js';
import type { MetricEntry } from '../../src/evaluation/metrics/metric.js';
import { METRICS } from '../../src/evaluation/metrics/registry.js';
import type { ScoredRows } from '../../src/evaluation/rows/scored-rows.js';
import { silent } from '../../src/progress.js';
import { randomStream } from '../../src/random.js';
import type { ReportData } from '../../src/report/data/report-data.js';
import type { ReportRun } from '../../src/report/data/report-run.js';
import type { RunEvaluation } from '../../src/runs/evaluation.js';
import type { EpochRecord } from '../../src/training/training-state.js';
import { simulatedCurves, simulatedImportance, simulatedMap } from './simulated-curves.js';

interface SimulatedOptions {
  readonly seed?: number;
  readonly baselines?: readonly string[];
  readonly entities?: number;
  /** Name of a categorical feature to slice by, and its values. */
  readonly feature?: { readonly name: string; readonly values: readonly string[] };
  /** Every label is this one. */
  readonly onlyLabel?: 0 | 1;
  readonly curves?: boolean;
  /** The registry's unless it is given. */
  readonly metrics?: readonly MetricEntry[];
  /** Name of the data set, which is part of sentences. */
  readonly dataset?: string;
}

/** A finished, evaluated run. */
export function simulatedRun(options: SimulatedOptions = {}): ReportRun {
  const { seed = 1, curves = true, dataset = 'made-up' } = options;
  const { recipe, faults } = checkRecipe({
    name: 'small',
    dataset: 'made-up',
    model: { name: 'limaml', inner: { steps: 3 } },
    seed,
    evaluation: {
      bootstrap: { replicates: 200 },
      segments: { features: options.feature === undefined ? [] : [options.feature.name] },
    },
  });
  if (recipe === undefined) throw new Error(JSON.stringify(faults));
  const id = `20260802-14150${seed}-3fa9c${seed}`;
  const evaluation = simulatedEvaluation(id, seed, recipe.evaluation, options);
  return {
    id,
    path: `experiments/small/runs/${id}`,
    experiment: 'small',
    state: 'finished',
    headShare: null,
    model: 'limaml',
    dataset,
    seed,
    baselineOf: null,
    startedAt: '2026-08-02T14:15:02.000Z',
    epochs: 8,
    supports: {
      counted: { rows: 400, sizes: [0.8, 0.02, 0, 0, 0, 0.03] },
      used: { sizes: [0.8, 0.02, 0, 0, 0, 0.03], atLeast: 6 },
    },
    best: { epoch: 6, auc: 0.742 },
    seconds: 74.2,
    failure: null,
    config: {
      recipe,
      origins: {
        name: 'experiments/small/experiment.yaml:1:7',
        'model.name': 'experiments/small/experiment.yaml:3:9',
        'model.inner.steps': '--set model.inner.steps=3',
        seed: `--seed ${seed}`,
        'training.epochs': 'default',
      },
      dataset: { name: dataset, hash: 'd'.repeat(64), path: '../../../../prepared/made-up' },
      baselineOf: null,
      key: `${seed}`.repeat(64),
    },
    provenance: {
      startedAt: '2026-08-02T14:15:02.000Z',
      command: ['train', 'small', '--seed', String(seed)],
      limaml: { version: '0.1.0', code: 'c'.repeat(64) },
      git: { commit: 'b'.repeat(40), dirty: true },
      lockfile: { file: 'package-lock.json', sha256: 'a'.repeat(64) },
      dependencies: { 'onnxruntime-node': '1.30.0' },
      node: 'v22.0.0',
      platform: 'linux x64',
      cpu: { model: 'a processor', count: 2 },
      memoryBytes: 16e9,
      engine: { name: 'onnxruntime', version: '1.30.0', device: 'cpu', workers: 2 },
      dataset: { name: dataset, hash: 'd'.repeat(64) },
      recipe: { file: 'experiments/small/experiment.yaml', sha256: 'e'.repeat(64) },
      seed,
    },
    metrics: simulatedEpochs(seed),
    evaluation: curves ? { ...evaluation, adaptation: simulatedCurves(evaluation) } : evaluation,
    map: curves ? simulatedMap(seed) : null,
    importance: curves ? simulatedImportance() : null,
  };
}

/** A report of one run, or of an experiment with a run a seed. */
export function simulatedReport(kind: ReportData['kind'], runs: readonly ReportRun[]): ReportData {
  const shown = runs.at(-1)!;
  return { kind, experiment: 'small', runs, otherData: [], unread: [], shown, path: 'report.html' };
}

function simulatedEvaluation(
  run: string,
  seed: number,
  config: ReportRun['config']['recipe']['evaluation'],
  options: SimulatedOptions,
): RunEvaluation {
  const { baselines = ['widedeep', 'deep'], dataset = 'made-up' } = options;
  const scored = simulatedRows(seed, ['limaml', ...baselines], options);
  const result = evaluateRows(scored, {
    model: 'limaml',
    baselines,
    config,
    metrics: options.metrics ?? METRICS,
    seed,
    progress: silent,
  });
  return {
    run,
    path: `experiments/small/runs/${run}`,
    dataset,
    scores: `experiments/small/runs/${run}/scores.parquet`,
    oracle: { auc: 0.84 },
    ...result,
    models: result.models.map((model, i) => ({ ...model, run: i === 0 ? run : `${run}-${i}` })),
    replays: [],
    movingHistory: [],
  };
}

/** Clicks follow an entity's taste; each model sees the taste through noise of its own, the later ones through more. */
function simulatedRows(
  seed: number,
  models: readonly string[],
  { entities = 150, feature, onlyLabel }: SimulatedOptions,
): ScoredRows {
  const world = randomStream(1, 'world');
  const noise = randomStream(seed, 'models');
  const columns = {
    entity: [],
    item: [],
    timestampMs: [],
    label: [],
    historyLength: [],
    sinceLastMs: [],
  } as Record<string, number[]>;
  const scores = models.map((): number[] => []);
  const values: string[] = [];
  for (let e = 1; e <= entities; e++) {
    const taste = 1.5 * world.normal();
    const known = e % 4 === 0 ? 0 : Math.floor(Math.exp(4.5 * world.uniform()));
    const seen = models.map((_, m) => taste + (0.4 + 1.2 * m + 1 / (1 + known)) * noise.normal());
    for (let n = 0; n < 10; n++) {
      const side = world.uniform() < 0.5 ? -1 : 1;
      const click = world.uniform() < 1 / (1 + Math.exp(0.5 - side * taste)) ? 1 : 0;
      columns['entity']!.push(e);
      columns['item']!.push(1 + world.integer(50));
      columns['timestampMs']!.push(1e12 + n * 1000);
      columns['label']!.push(onlyLabel ?? click);
      columns['historyLength']!.push(known);
      columns['sinceLastMs']!.push(known === 0 ? Number.NaN : 3.6e6 * Math.exp(6 * world.uniform()));
      for (const [m, column] of scores.entries()) column.push(1 / (1 + Math.exp(0.5 - side * seen[m]!)));
      values.push(feature?.values[(e + n) % feature.values.length] ?? '');
    }
  }
  return {
    rows: values.length,
    entity: Int32Array.from(columns['entity']!),
    item: Int32Array.from(columns['item']!),
    timestampMs: Float64Array.from(columns['timestampMs']!),
    label: Uint8Array.from(columns['label']!),
    scores: new Map(models.map((name, m) => [name, Float64Array.from(scores[m]!)])),
    historyLength: Int32Array.from(columns['historyLength']!),
    sinceLastMs: Float64Array.from(columns['sinceLastMs']!),
    itemEvents: Int32Array.from(columns['item']!, (item) => (item * 37) % 1500),
    groups: new Map(feature === undefined ? [] : [[feature.name, values]]),
  };
}

function simulatedEpochs(seed: number): readonly EpochRecord[] {
  const select = Array.from({ length: 8 }, (_, i): EpochRecord => {
    const auc = 0.742 - 0.0015 * (i - 5) ** 2 + 0.001 * seed;
    return {
      phase: 'select',
      epoch: i + 1,
      loss: 0.68 / (1 + 0.05 * i),
      valid: { auc, groupAuc: auc - 0.01, logLoss: 0.6 - 0.1 * auc, score: auc },
    };
  });
  return [...select, { phase: 'refit', epoch: 1, loss: 0.66 }];
}
