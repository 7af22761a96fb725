// `limaml eval`: a run and its baselines on the same test rows; a baseline that is not there yet is trained first.
import { readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeFileAtomic, writeJsonAtomic } from '../atomic-files.js';
import { UserError } from '../errors.js';
import type { AdaptationCurves, EmbeddingMap } from '../evaluation/adaptation/adaptation-result.js';
import type { EvaluationConfig } from '../evaluation/config/evaluation-config.js';
import { evaluateRows } from '../evaluation/evaluate-rows.js';
import type { EvaluationResult, ModelResult } from '../evaluation/evaluation-result.js';
import { MODELS } from '../models/registry.js';
import { nearestName } from '../nearest-name.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import type { Progress } from '../progress.js';
import { codeDigest, type Provenance } from '../runs/provenance.js';
import { type RunConfig, readRunConfig, runKey } from '../runs/run-config.js';
import { verifyRun } from '../runs/run-folder.js';
import { findRun, type RunPlace } from '../runs/run-index.js';
import { writeScores } from '../runs/scores-file.js';
import { findFinished } from './reuse.js';
import { type NamedRun, scoreModels } from './score-models.js';
import { studyRun } from './study-run.js';
import { swapModel } from './swap-model.js';
import { trainRun } from './train-run.js';
import type { Trainer } from './trainer.js';

export interface EvalRunRequest {
  readonly run: RunPlace;
  readonly config: RunConfig;
  readonly dataset: PreparedDataset;
  /** Names of models, or runs. */
  readonly baselines: readonly string[];
  readonly evaluation: EvaluationConfig;
  /** Leaves out the curves over inner steps, support size and staleness, which score the rows many times. */
  readonly skipCurves?: boolean;
  readonly cwd: string;
  readonly command: readonly string[];
  readonly trainer: Trainer;
  readonly progress: Progress;
  readonly now: () => Date;
}

export interface EvalRunResult extends Omit<EvaluationResult, 'models'> {
  readonly run: string;
  readonly path: string;
  readonly dataset: string;
  /** Parquet file of the scored rows. */
  readonly scores: string;
  /** What the true probabilities reach on the test rows; synthetic data only. */
  readonly oracle: { readonly auc: number } | null;
  readonly models: readonly (ModelResult & { readonly run: string })[];
  /** What adaptation buys; absent for a model that adapts nothing, and where it was left out. */
  readonly adaptation?: AdaptationCurves;
}

/** Beside `eval.json`, because it is long and says nothing to a reader: coordinates of meta embeddings. */
export const EMBEDDING_MAP_FILE = 'embedding-map.json';

/** Evaluates and writes `eval.json`, `scores.parquet` and `embedding-map.json` into the run's folder. */
export async function evalRun(request: EvalRunRequest): Promise<EvalRunResult> {
  const { run, config, dataset, evaluation, progress } = request;
  await verifyRun(run.path);
  const evaluated: NamedRun = { name: config.recipe.model.name, path: run.path, config };
  const named = [evaluated];
  for (const baseline of request.baselines) named.push(await baselineRun(baseline, named, request));
  const scored = await scoreModels(dataset, named, evaluation.segments.features, progress);
  const scores = join(run.path, 'scores.parquet');
  await writeScores(scores, scored, dataset);
  const result = evaluateRows(scored, {
    model: evaluated.name,
    baselines: named.slice(1).map(({ name }) => name),
    config: evaluation,
    seed: config.recipe.seed,
    progress,
  });
  const study = request.skipCurves ? undefined : await studyRun(dataset, evaluated, evaluation, progress);
  const oracleAuc = dataset.manifest.oracleAuc?.test;
  const complete: EvalRunResult = {
    run: run.id,
    path: run.path,
    dataset: config.dataset.name,
    oracle: oracleAuc === undefined ? null : { auc: oracleAuc },
    scores,
    ...result,
    models: result.models.map((model, i) => ({ ...model, run: basename(named[i]!.path) })),
    ...(study === undefined ? {} : { adaptation: study.curves }),
  };
  await writeMap(run.path, study?.map);
  await writeJsonAtomic(join(run.path, 'eval.json'), complete);
  return complete;
}

async function writeMap(runPath: string, map: EmbeddingMap | undefined): Promise<void> {
  const path = join(runPath, EMBEDDING_MAP_FILE);
  if (map === undefined) await rm(path, { force: true });
  else await writeFileAtomic(path, `${JSON.stringify(map)}\n`);
}

/** The run of a baseline: one that is named, one that was trained before, or a new one. */
async function baselineRun(
  baseline: string,
  taken: readonly NamedRun[],
  request: EvalRunRequest,
): Promise<NamedRun> {
  const isModel = MODELS.some(({ name }) => name === baseline);
  const place = isModel ? await modelRun(baseline, request) : namedRun(baseline, request.cwd);
  await verifyRun(place.path);
  const config = await readRunConfig(place.path);
  if (place.path === request.run.path) {
    throw new UserError({
      code: 'EVAL_SAME_RUN',
      where: `--baseline ${baseline}`,
      what: 'This is the evaluated run itself.',
      next: 'Name another model or run.',
    });
  }
  if (config.dataset.hash !== request.config.dataset.hash) {
    throw new UserError({
      code: 'EVAL_OTHER_DATA',
      where: `--baseline ${baseline}`,
      what: `Run ${place.id} was trained on other data (${config.dataset.name} ${config.dataset.hash.slice(0, 12)}), so the two cannot be compared row by row.`,
      next: 'Train it on the same prepared data.',
    });
  }
  const name = config.recipe.model.name;
  // Two runs of one model (two seeds, two settings) are told apart by their ids.
  return {
    name: taken.some((other) => other.name === name) ? `${name}@${place.id}` : name,
    path: place.path,
    config,
  };
}

function namedRun(baseline: string, cwd: string): RunPlace {
  try {
    return findRun(baseline, cwd);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'RUN_MISSING') throw error;
    const names = MODELS.map(({ name }) => name);
    const close = nearestName(baseline, names);
    throw new UserError({
      code: 'BASELINE_UNKNOWN',
      where: `--baseline ${baseline}`,
      what: `There is no model and no run of this name.${close === undefined ? '' : ` Closest: "${close}".`}`,
      next: `Models: ${names.join(', ')}. Runs: limaml runs`,
    });
  }
}

async function modelRun(model: string, request: EvalRunRequest): Promise<RunPlace> {
  const { run, config, dataset, progress, command, trainer, now } = request;
  const runsFolder = dirname(run.path);
  const swapped = swapModel(config, model);
  const finished = findFinished(runsFolder, runKey(swapped.recipe, dataset.hash, codeDigest()));
  if (finished !== undefined) {
    progress({
      kind: 'note',
      text: `baseline ${model}: run ${finished.id} of this data, options and seed is reused`,
    });
    return finished;
  }
  progress({ kind: 'note', text: `baseline ${model}: not trained yet on this data, options and seed` });
  const provenance = await readProvenance(run.path);
  const trained = await trainRun({
    ...swapped,
    recipeFile: provenance.recipe,
    runsFolder,
    dataset,
    baselineOf: run.id,
    resume: false,
    command,
    trainer,
    progress,
    now,
  });
  return { id: trained.run, path: trained.path, experiment: run.experiment };
}

async function readProvenance(runPath: string): Promise<Provenance> {
  return JSON.parse(await readFile(join(runPath, 'provenance.json'), 'utf8')) as Provenance;
}
