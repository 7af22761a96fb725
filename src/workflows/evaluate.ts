// `limaml eval`: a run and its baselines on the same test rows, written into the run.
import { basename } from 'node:path';
import { type AdaptationStudy, studyAdaptation } from '../evaluation/adaptation/adaptation-curves.js';
import type { EmbeddingMap } from '../evaluation/adaptation/adaptation-result.js';
import type { EvaluationConfig } from '../evaluation/config/evaluation-config.js';
import type { ReplayConfig } from '../evaluation/config/replay-config.js';
import { evaluateRows } from '../evaluation/evaluate-rows.js';
import type { MetricEntry } from '../evaluation/metrics/metric.js';
import { METRICS } from '../evaluation/metrics/registry.js';
import type { ScoredRows } from '../evaluation/rows/scored-rows.js';
import { entityPart } from '../models/contract/definition.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import type { Progress } from '../progress.js';
import { readRunConfig } from '../runs/config.js';
import { type ReplayEvaluation, type RunEvaluation, writeEvaluation } from '../runs/evaluation.js';
import { verifyRun } from '../runs/folder.js';
import type { RunPlace } from '../runs/places.js';
import { type ReplayedScores, writeScores } from '../runs/scores.js';
import { type BaselineRequest, baselineRun } from './baseline.js';
import { evaluationOf } from './evaluation-overrides.js';
import { movingHistory } from './moving-history.js';
import type { NamedRun } from './named-run.js';
import { datasetOfRun } from './open-data.js';
import { differing, FROZEN_REPLAY, protocolLabel, replaysOf } from './protocols.js';
import { loadRunModel, noteChangedModel } from './run-model.js';
import { frozenName, type NamedRuns, scoreModels, scoreReplayed } from './score-models.js';
import { modelTrainer } from './trainer.js';

export interface EvalRunRequest extends BaselineRequest {
  /** Names of models, or runs. */
  readonly baselines: readonly string[];
  readonly evaluation: EvaluationConfig;
  /** The registry's unless it is given. */
  readonly metrics?: readonly MetricEntry[];
  /** Protocols beside frozen vectors; that of `evaluation.replay` unless they are given. */
  readonly replays?: readonly ReplayConfig[];
  /** Leaves out the curves over inner steps, support size and staleness, which score the rows many times. */
  readonly skipCurves?: boolean;
}

export interface EvaluateOptions {
  readonly baselines: readonly string[];
  /** Values of `--refresh`, each a protocol; the recipe's where there are none. And the others of a replay, where typed. */
  readonly refresh?: readonly string[];
  readonly delay?: string | undefined;
  readonly retrain?: string | undefined;
  /** Texts of `--set`, keys under `evaluation` only. */
  readonly set: readonly string[];
  readonly skipCurves?: boolean;
  readonly cwd: string;
  readonly command: readonly string[];
  readonly progress: Progress;
  readonly now: () => Date;
}

/** Opens a run with its data and evaluates it, options under `evaluation` overridden where the user says so. */
export async function evaluate(run: RunPlace, options: EvaluateOptions): Promise<RunEvaluation> {
  const { baselines, set, skipCurves = false, cwd, command, progress, now } = options;
  const config = readRunConfig(run.path);
  const evaluation = evaluationOf(config, set);
  const replays = replaysOf(config, set, options);
  await noteChangedModel(run.path, config, progress);
  return evalRun({
    run,
    config,
    dataset: await datasetOfRun(run.path, config),
    baselines,
    evaluation,
    replays,
    skipCurves,
    cwd,
    command,
    trainer: modelTrainer(config.recipe.evaluation),
    progress,
    now,
  });
}

/** Evaluates and writes `eval.json`, `scores.parquet` and `embedding-map.json` into the run's folder. */
export async function evalRun(request: EvalRunRequest): Promise<RunEvaluation> {
  const { evaluation, map, frozen, moved } = await measureRun(request);
  return writeEvaluation(request.run.path, evaluation, map, (path) =>
    writeScores(path, frozen, moved, request.dataset),
  );
}

interface MeasuredRun {
  readonly evaluation: Omit<RunEvaluation, 'scores' | 'files'>;
  readonly map: EmbeddingMap | undefined;
  readonly frozen: ScoredRows;
  /** Scores that the protocols moved. */
  readonly moved: readonly ReplayedScores[];
}

/** Evaluates, and writes nothing but baselines that are not trained yet. */
export async function measureRun(request: EvalRunRequest): Promise<MeasuredRun> {
  const { run, config, dataset, evaluation, progress } = request;
  await verifyRun(run.path);
  const evaluated: NamedRun = { name: config.recipe.model.name, path: run.path, config };
  const named: [NamedRun, ...NamedRun[]] = [evaluated];
  for (const baseline of request.baselines) named.push(await baselineRun(baseline, named, request));
  const frozen = await scoreModels(dataset, named, evaluation.segments.features, progress);
  const result = evaluateNamed(named, frozen, { ...evaluation, replay: FROZEN_REPLAY }, request);
  const movedScores: ReplayedScores[] = [];
  const replays: ReplayEvaluation[] = [];
  for (const protocol of differing(request.replays ?? [evaluation.replay])) {
    const scored = await scoreReplayed(dataset, named, frozen, protocol, progress);
    const label = protocolLabel(protocol);
    replays.push({
      protocol,
      label,
      ...evaluateNamed(named, scored, { ...evaluation, replay: protocol }, request),
    });
    movedScores.push(moved(scored, frozen, label));
  }
  const study = request.skipCurves ? undefined : await studyRun(dataset, evaluated, evaluation, progress);
  const oracleAuc = dataset.manifest.oracleAuc?.test;
  const complete = {
    run: run.id,
    path: run.path,
    dataset: config.dataset.name,
    config: evaluation,
    oracle: oracleAuc === undefined ? null : { auc: oracleAuc },
    ...result,
    replays,
    movingHistory: movingHistory(
      dataset,
      named.map((one) => one.config.recipe),
    ),
    ...(study === undefined ? {} : { adaptation: study.curves }),
  };
  return { evaluation: complete, map: study?.map, frozen, moved: movedScores };
}

/** What adaptation buys in a trained run. Undefined for a model that adapts nothing. */
async function studyRun(
  dataset: PreparedDataset,
  { path, config: trained }: NamedRun,
  config: EvaluationConfig,
  progress: Progress,
): Promise<AdaptationStudy | undefined> {
  const { training, execution, seed } = trained.recipe;
  const { model, state, roles } = await loadRunModel(path, trained, dataset);
  const meta = entityPart(model);
  if (meta === undefined) return undefined;
  return studyAdaptation({ model, meta, state, dataset, roles, training, execution, config, seed, progress });
}

/** Measures scored rows; under a replay the first run's frozen scores are one more baseline. */
function evaluateNamed(
  named: NamedRuns,
  scored: ScoredRows,
  config: EvaluationConfig,
  { metrics, config: { recipe }, progress }: EvalRunRequest,
): Omit<ReplayEvaluation, 'protocol' | 'label'> {
  const runs = new Map(named.map(({ name, path }) => [name, basename(path)]));
  const [{ name, path }] = named;
  runs.set(frozenName(name), basename(path));
  const result = evaluateRows(scored, {
    model: name,
    baselines: [...scored.scores.keys()].filter((other) => other !== name),
    config,
    metrics: metrics ?? METRICS,
    seed: recipe.seed,
    progress,
  });
  return { ...result, models: result.models.map((model) => ({ ...model, run: runs.get(model.model)! })) };
}

/** The scores that a replay moved. */
function moved(scored: ScoredRows, frozen: ScoredRows, label: string): ReplayedScores {
  const scores = [...scored.scores].filter(
    ([name, of]) => frozen.scores.has(name) && frozen.scores.get(name) !== of,
  );
  return { label, scores: new Map(scores), historyLength: scored.historyLength };
}
