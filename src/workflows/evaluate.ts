// `limaml eval`: a run and its baselines on the same test rows, written into the run.
import { basename } from 'node:path';
import { type AdaptationStudy, studyAdaptation } from '../evaluation/adaptation/adaptation-curves.js';
import type { EvaluationConfig } from '../evaluation/config/evaluation-config.js';
import { replayTimes } from '../evaluation/config/replay-config.js';
import { evaluateRows } from '../evaluation/evaluate-rows.js';
import type { MetricEntry } from '../evaluation/metrics/metric.js';
import { METRICS } from '../evaluation/metrics/registry.js';
import { entityPart } from '../models/contract/definition.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import type { Progress } from '../progress.js';
import { readRunConfig } from '../runs/config.js';
import { type RunEvaluation, writeEvaluation } from '../runs/evaluation.js';
import type { RunPlace } from '../runs/find.js';
import { verifyRun } from '../runs/folder.js';
import { writeScores } from '../runs/scores.js';
import { type BaselineRequest, baselineRun } from './baseline.js';
import { evaluationOf } from './evaluation-overrides.js';
import { datasetOfRun } from './open-data.js';
import { loadRunModel, noteChangedModel } from './run-model.js';
import { type NamedRun, scoreModels } from './score-models.js';
import { modelTrainer } from './trainer.js';

export interface EvalRunRequest extends BaselineRequest {
  /** Names of models, or runs. */
  readonly baselines: readonly string[];
  readonly evaluation: EvaluationConfig;
  /** The registry's unless it is given. */
  readonly metrics?: readonly MetricEntry[];
  /** Leaves out the curves over inner steps, support size and staleness, which score the rows many times. */
  readonly skipCurves?: boolean;
}

export interface EvaluateOptions {
  readonly baselines: readonly string[];
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
  await noteChangedModel(run.path, config, progress);
  return evalRun({
    run,
    config,
    dataset: await datasetOfRun(run.path, config),
    baselines,
    evaluation,
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
  const { run, config, dataset, evaluation, progress } = request;
  await verifyRun(run.path);
  const evaluated: NamedRun = { name: config.recipe.model.name, path: run.path, config };
  const named = [evaluated];
  for (const baseline of request.baselines) named.push(await baselineRun(baseline, named, request));
  const replay = replayTimes(evaluation.replay);
  const scored = await scoreModels(dataset, named, evaluation.segments.features, replay, progress);
  const result = evaluateRows(scored, {
    model: evaluated.name,
    baselines: named.slice(1).map(({ name }) => name),
    config: evaluation,
    metrics: request.metrics ?? METRICS,
    seed: config.recipe.seed,
    progress,
  });
  const study = request.skipCurves ? undefined : await studyRun(dataset, evaluated, evaluation, progress);
  const oracleAuc = dataset.manifest.oracleAuc?.test;
  const complete = {
    run: run.id,
    path: run.path,
    dataset: config.dataset.name,
    oracle: oracleAuc === undefined ? null : { auc: oracleAuc },
    ...result,
    models: result.models.map((model, i) => ({ ...model, run: basename(named[i]!.path) })),
    ...(study === undefined ? {} : { adaptation: study.curves }),
  };
  return writeEvaluation(run.path, complete, study?.map, (path) => writeScores(path, scored, dataset));
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
