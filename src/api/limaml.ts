// `import … from 'limaml'`: what the commands do, as functions for other programs; nothing is printed, results are returned.

import { resolve } from 'node:path';
import type { Through } from '../bundle/format/files.js';
import { loadExperiment } from '../config/load-experiment.js';
import type { PrepareResult } from '../prep/prepare-result.js';
import { type Progress, type ProgressEvent, silent } from '../progress.js';
import type { RunEvaluation } from '../runs/evaluation.js';
import { findRun } from '../runs/find.js';
import { evaluate as evaluateRun } from '../workflows/evaluate.js';
import { type ExportRunResult, exportRun as exportRunPlace } from '../workflows/export.js';
import { prepDataset } from '../workflows/prep-dataset.js';
import { type TrainRunResult, train as trainExperiment } from '../workflows/train.js';

export { type Bundle, openBundle } from '../bundle/open.js';
export { CheckFailed, UserError, UserErrors } from '../errors.js';
export type { ExportRunResult, PrepareResult, ProgressEvent, RunEvaluation, TrainRunResult };

/** What every function takes from its surroundings, unless told otherwise. */
export interface Surroundings {
  /** Folder that names and relative paths are resolved in. Default: the process's working directory. */
  readonly cwd?: string;
  /** Told of progress. Default: nobody is. */
  readonly progress?: Progress;
  /** Keys of the recipe or descriptor by dotted name, e.g. `{ 'training.epochs': 3 }`; wins over the file. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** Folder of the raw files, or one above it. Default: `LIMAML_DATA`, else `cwd`. */
  readonly data?: string;
  /** Rows that cannot be read: stop, or set them aside in `rejects.csv`. Default: stop. */
  readonly onError?: 'stop' | 'reject';
}

export interface PrepOptions extends Surroundings {
  /** Folder in which `<name>-<hash>` is made. Default: `prepared`. */
  readonly out?: string;
  /** Memory limit of the database in megabytes. */
  readonly memoryLimitMb?: number;
  /** Threads of the database. */
  readonly threads?: number;
}

/**
 * Prepares a data set: a name in `datasets/`, or the path of a descriptor. The same data prepared the same way before is reused. The
 * folder of a prepared data set is held to the format instead. Throws `UserError` or `UserErrors` for bad input and `CheckFailed` for
 * leaks.
 */
export async function prep(dataset: string, options: PrepOptions = {}): Promise<PrepareResult> {
  const { data, out, onError, memoryLimitMb, threads } = options;
  return prepDataset(dataset, {
    data,
    out,
    onError,
    memoryLimitMb,
    threads,
    set: overrides(options.set),
    env: process.env,
    ...settled(options),
  });
}

export interface TrainOptions extends Surroundings {
  /** Takes this one of the recipe's models, with its options under `baselines`. */
  readonly model?: string;
  /** Seed of every random stream. Default: the recipe's, of several the first. */
  readonly seed?: number;
  /** Continues the newest unfinished run of this very configuration. Default: false. */
  readonly resume?: boolean;
  /** Folder of prepared data sets. Default: `prepared`. */
  readonly prepared?: string;
}

/**
 * Trains a model as a recipe says (its file, its folder, or the name of an experiment), after preparing the data where needed. The run
 * lies in `runs/` beside the recipe. Throws `UserError` or `UserErrors` for bad input and `CheckFailed` for leaks.
 */
export async function train(recipe: string, options: TrainOptions = {}): Promise<TrainRunResult> {
  const { model, seed, resume = false, data, prepared, onError = 'stop' } = options;
  const { cwd, progress } = settled(options);
  const set = overrides(options.set);
  const experiment = await loadExperiment({ recipe, cwd, model, seed, set });
  return trainExperiment(experiment, {
    places: { data, prepared, onError, env: process.env, cwd },
    resume,
    command: asLibrary('train', recipe),
    progress,
    now,
  });
}

export interface EvaluateOptions extends Pick<Surroundings, 'cwd' | 'progress' | 'set'> {
  /** Models or runs to compare with; a model that is not trained yet on this data with this seed is trained first. Default: none. */
  readonly baselines?: readonly string[];
  /** Refreshes of vectors to score the rows under besides frozen ones: `event`, `1h`, `1d`. Default: `evaluation.replay` of the recipe. */
  readonly refresh?: readonly string[];
  /** Age at which an event has reached the refresh, `1h`. Default: that of the recipe. */
  readonly delay?: string;
  /** How often every model is trained again while the rows go by, `7d`. Default: that of the recipe. */
  readonly retrain?: string;
  /** Whether what adaptation buys is measured too, which scores the rows many times. Default: true. */
  readonly curves?: boolean;
}

/**
 * Measures a run (its path, id, the beginning of one, `latest` or `<experiment>/latest`) on test rows, and its difference to baselines on
 * the same rows. Writes `eval.json` and `scores.parquet` into the run. `set` may name keys under `evaluation` only.
 */
export async function evaluate(run: string, options: EvaluateOptions = {}): Promise<RunEvaluation> {
  const { baselines = [], refresh = [], delay, retrain, curves = true } = options;
  const { cwd, progress } = settled(options);
  return evaluateRun(findRun(run, cwd, progress), {
    baselines,
    refresh,
    delay,
    retrain,
    set: overrides(options.set),
    skipCurves: !curves,
    cwd,
    command: asLibrary('eval', run),
    progress,
    now,
  });
}

export interface ExportOptions extends Pick<Surroundings, 'cwd' | 'progress'> {
  /** Folder of the bundle; an older bundle there is replaced. */
  readonly out: string;
  /** Latest split whose rows the embeddings are adapted on. Default: `test`, all there is. */
  readonly through?: Through;
  /** Scores test rows through the files alone and throws `CheckFailed` EXPORT_PARITY past 1e-5. Default: true. */
  readonly verify?: boolean;
}

/** Writes a run, named as for `evaluate`, as a serving bundle; `openBundle` opens it. */
export async function exportRun(run: string, options: ExportOptions): Promise<ExportRunResult> {
  const { out, through = 'test', verify = true } = options;
  const { cwd, progress } = settled(options);
  return exportRunPlace({
    run: findRun(run, cwd, progress),
    outDirectory: resolve(cwd, out),
    through,
    verify,
    progress,
  });
}

const now = (): Date => new Date();

function settled({ cwd = process.cwd(), progress = silent }: Pick<Surroundings, 'cwd' | 'progress'>) {
  return { cwd: resolve(cwd), progress };
}

/** As the command line writes them: JSON is YAML. */
function overrides(set: Surroundings['set'] = {}): readonly string[] {
  return Object.entries(set).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
}

/** What provenance shows where a command line would stand. */
function asLibrary(...words: readonly string[]): readonly string[] {
  return ['(as a library)', ...words];
}
