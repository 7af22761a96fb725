// A run and others on the same test rows, protocol by protocol; each protocol is kept as soon as it is measured, and read back afterwards.
import { basename } from 'node:path';
import type { EvaluationConfig } from '../evaluation/config/evaluation-config.js';
import type { ReplayConfig } from '../evaluation/config/replay-config.js';
import { evaluateRows } from '../evaluation/evaluate-rows.js';
import { type MetricEntry, metricsOf } from '../evaluation/metrics/metric.js';
import type { ScoredRows } from '../evaluation/rows/scored-rows.js';
import { hashJson } from '../hash.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import type { Progress } from '../progress.js';
import { verifyRun } from '../runs/folder.js';
import { codeDigest } from '../runs/gather-provenance.js';
import { type Measured, readMeasured, writeMeasured } from '../runs/measured.js';
import { protocolLabel } from './protocols.js';
import { frozenName, type NamedRuns, scoreModels, scoreReplayed } from './score-models.js';

export interface MeasuredProtocol {
  readonly replay: ReplayConfig;
  /** The evaluated run first. */
  readonly runs: NamedRuns;
}

interface MeasureRequest {
  readonly dataset: PreparedDataset;
  readonly evaluation: EvaluationConfig;
  /** The only ones that are measured. */
  readonly metrics: readonly MetricEntry[];
  readonly seed: number;
  readonly progress: Progress;
}

/** What the protocol of vectors that stand still is called. */
const FROZEN_LABEL = 'frozen';

/**
 * One result a protocol, in their order, kept in the evaluated run's folder. Segments are by what was known of an entity at its first
 * scored row, under every protocol: the same rows each time. Throws what scoring throws, and RUN_DAMAGED.
 */
export async function measureProtocols(
  protocols: readonly MeasuredProtocol[],
  request: MeasureRequest,
): Promise<readonly Measured[]> {
  const { dataset, progress } = request;
  const frozen = new Map<string, Promise<ScoredRows>>();
  const frozenOf = (runs: NamedRuns): Promise<ScoredRows> => {
    const key = runs.map(({ path }) => path).join();
    const scored = frozen.get(key) ?? scoreModels(dataset, runs, [], progress);
    frozen.set(key, scored);
    return scored;
  };
  const results: Measured[] = [];
  for (const { replay, runs } of protocols) {
    const key = keyOf(replay, runs, request);
    const label = protocolLabel(replay) || FROZEN_LABEL;
    const kept = readMeasured(runs[0].path, key);
    if (kept !== undefined) {
      progress({ kind: 'note', text: `${label}: measured before` });
      results.push(kept);
      continue;
    }
    for (const { path } of runs) await verifyRun(path);
    const still = await frozenOf(runs);
    const scored =
      label === FROZEN_LABEL ? still : await scoreReplayed(dataset, runs, still, replay, progress);
    const measured = measure({ ...scored, historyLength: still.historyLength }, label, replay, runs, request);
    await writeMeasured(runs[0].path, key, measured);
    results.push(measured);
  }
  return results;
}

function measure(
  scored: ScoredRows,
  label: string,
  replay: ReplayConfig,
  named: NamedRuns,
  { evaluation, metrics, seed, progress }: MeasureRequest,
): Measured {
  const [{ name }] = named;
  const runs = new Map(named.map((run) => [run.name, basename(run.path)]));
  runs.set(frozenName(name), runs.get(name)!);
  const { rows, entities, level, models, comparisons } = evaluateRows(scored, {
    model: name,
    baselines: [...scored.scores.keys()].filter((other) => other !== name),
    config: { ...evaluation, replay, segments: { ...evaluation.segments, features: [] } },
    metrics,
    seed,
    progress,
  });
  return {
    label,
    rows,
    entities,
    level,
    models: models.map((model) => ({ ...model, run: runs.get(model.model)! })),
    comparisons,
  };
}

/** Of all that the numbers depend on; trained runs are what their keys say, wherever they lie. */
function keyOf(
  replay: ReplayConfig,
  runs: NamedRuns,
  { dataset, evaluation, metrics, seed }: MeasureRequest,
): string {
  const { adaptation: _, replay: __, ...config } = evaluation;
  return hashJson({
    code: codeDigest(),
    data: dataset.hash,
    runs: runs.map(({ name, path, config: { key } }) => ({ name, run: basename(path), key })),
    replay,
    config,
    metrics: metricsOf(metrics, evaluation).map((metric) => metric.name),
    seed,
  });
}
