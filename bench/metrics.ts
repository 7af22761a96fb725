// How long the whole evaluation of many scored rows takes: two models, every metric, every interval, every segment.

import { type EvaluationConfig, evaluationConfig } from '../src/evaluation/config/evaluation-config.js';
import { evaluateRows } from '../src/evaluation/evaluate-rows.js';
import { auc } from '../src/evaluation/metrics/auc.js';
import type { ScoredRows } from '../src/evaluation/rows/scored-rows.js';
import type { Progress } from '../src/progress.js';
import { randomStream } from '../src/random.js';

interface MetricsBenchOptions {
  readonly rows: number;
  readonly entities: number;
  readonly seed: number;
  readonly progress: Progress;
}

interface MetricsBenchResult {
  readonly rows: number;
  readonly entities: number;
  /** Seconds for one exact AUC, sorting included. */
  readonly aucSeconds: number;
  /** Seconds for every metric of two models on all rows, with a token 200 replicates and no segments. */
  readonly metricsSeconds: number;
  /** Seconds for `evaluateRows` as `limaml eval` runs it. */
  readonly evaluationSeconds: number;
  readonly peakMemoryMb: number;
}

/** Measures the evaluation on synthetic scores of two models whose errors are shared inside entities. */
export function benchMetrics(options: MetricsBenchOptions): MetricsBenchResult {
  const scored = syntheticScores(options.rows, options.entities, options.seed);
  const seconds = (work: () => void): number => {
    const from = process.hrtime.bigint();
    work();
    return Number(process.hrtime.bigint() - from) / 1e9;
  };
  const evaluate = (config: EvaluationConfig): void => {
    evaluateRows(scored, {
      model: 'a',
      baselines: ['b'],
      config,
      seed: options.seed,
      progress: options.progress,
    });
  };
  const defaults = evaluationConfig.parse({});
  const aucSeconds = seconds(() => void auc(scored.label, scored.scores.get('a')!));
  const noSegments = { ...defaults.segments, minRows: options.rows + 1 };
  const metricsSeconds = seconds(() =>
    evaluate({ ...defaults, segments: noSegments, bootstrap: { ...defaults.bootstrap, replicates: 200 } }),
  );
  const evaluationSeconds = seconds(() => evaluate(defaults));
  const peakMemoryMb = Math.round(process.resourceUsage().maxRSS / 1024);
  return {
    rows: options.rows,
    entities: options.entities,
    aucSeconds,
    metricsSeconds,
    evaluationSeconds,
    peakMemoryMb,
  };
}

/** Scored rows with float32 scores, long-tailed histories and taste errors shared inside entities. */
function syntheticScores(rows: number, entities: number, seed: number): ScoredRows {
  const stream = randomStream(seed, 'bench', 'metrics');
  const a = new Float64Array(rows);
  const b = new Float64Array(rows);
  const scored = {
    rows,
    entity: new Int32Array(rows),
    item: new Int32Array(rows),
    timestampMs: new Float64Array(rows),
    label: new Uint8Array(rows),
    historyLength: new Int32Array(rows),
    sinceLastMs: new Float64Array(rows),
    scores: new Map([
      ['a', a],
      ['b', b],
    ]),
    groups: new Map<string, string[]>(),
  };
  const taste = Float64Array.from({ length: entities }, () => stream.normal());
  const known = Float64Array.from(taste, (value) => value + stream.normal());
  const history = Int32Array.from({ length: entities }, () => Math.floor(Math.exp(6 * stream.uniform()) - 1));
  for (let row = 0; row < rows; row++) {
    const entity = Math.floor(entities * stream.uniform() ** 1.5);
    const shared = stream.normal();
    const probability = 1 / (1 + Math.exp(1.5 - shared - taste[entity]!));
    scored.entity[row] = entity + 1;
    scored.item[row] = 1 + stream.integer(50_000);
    scored.timestampMs[row] = row;
    scored.label[row] = stream.uniform() < probability ? 1 : 0;
    scored.historyLength[row] = history[entity]!;
    scored.sinceLastMs[row] = history[entity] === 0 ? Number.NaN : 3_600_000 * Math.exp(8 * stream.uniform());
    a[row] = Math.fround(1 / (1 + Math.exp(1.5 - shared - known[entity]!)));
    b[row] = Math.fround(1 / (1 + Math.exp(1.3 - 0.8 * shared)));
  }
  return scored;
}
