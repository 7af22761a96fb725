// `limaml train`: prepare the data where needed, make a run folder, train into it, seal it.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { OriginatedRecipe } from '../config/check-recipe.js';
import { runsFolder } from '../config/find-files.js';
import type { LoadedExperiment } from '../config/load-experiment.js';
import { seededRecipe } from '../config/seeded-recipe.js';
import { hashFile } from '../hash.js';
import { onInterruption } from '../interruption.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import type { Progress } from '../progress.js';
import { type RunConfig, relativeTo, runKey } from '../runs/config.js';
import type { RunOutcome } from '../runs/done.js';
import { createRun, failRun, finishRun, reopenRun } from '../runs/folder.js';
import { codeDigest, gatherProvenance } from '../runs/gather-provenance.js';
import {
  appendMetrics,
  appendTiming,
  keepMetrics,
  metricsDigest,
  readMetrics,
  totalSeconds,
} from '../runs/metrics-log.js';
import { findUnfinished } from '../runs/reuse.js';
import { unmarkRunning } from '../runs/state.js';
import { writeSupports } from '../runs/supports.js';
import { type DataPlaces, manifestHash, preparedFor } from './open-data.js';
import { learnedBy, modelTrainer, type Trainer } from './trainer.js';

/** Looks on while a run is trained, and holds nothing up. */
export interface RunWatch {
  /** The run's folder is there. */
  began(path: string): void;
  /** An epoch was written into it. */
  epoch(): void;
}

export interface TrainOptions {
  readonly watch?: RunWatch | undefined;
  readonly places: DataPlaces;
  readonly resume: boolean;
  readonly command: readonly string[];
  readonly progress: Progress;
  readonly now: () => Date;
}

export interface TrainRunRequest extends OriginatedRecipe {
  readonly watch?: RunWatch | undefined;
  /** Where the recipe was read, and the hash of its file. */
  readonly recipeFile: { readonly file: string; readonly sha256: string };
  /** `runs/` of the experiment. */
  readonly runsFolder: string;
  readonly dataset: PreparedDataset;
  /** Id of the run that this one is a baseline of. */
  readonly baselineOf?: string;
  /** Continue the newest unfinished run of this very configuration. */
  readonly resume: boolean;
  /** As typed, for the record. */
  readonly command: readonly string[];
  readonly trainer: Trainer;
  readonly progress: Progress;
  readonly now: () => Date;
}

export interface TrainRunResult extends RunOutcome {
  readonly run: string;
  readonly path: string;
  readonly model: string;
  readonly dataset: string;
  readonly seed: number;
  readonly resumed: boolean;
}

/** Trains a loaded recipe, with the first of its seeds, into a run folder; its data is prepared and opened first. Throws what `trainRun` throws. */
export async function train(
  { loaded, data }: LoadedExperiment,
  { places, resume, command, progress, now, watch }: TrainOptions,
): Promise<TrainRunResult> {
  const { recipe, notes, path, shownAs } = loaded;
  for (const text of notes) progress({ kind: 'note', text });
  const dataset = await preparedFor(data, places, progress);
  return trainRun({
    ...seededRecipe(loaded, recipe.seed),
    recipeFile: { file: shownAs, sha256: await hashFile(path) },
    runsFolder: runsFolder(path, recipe.name, places.cwd),
    dataset,
    resume,
    command,
    trainer: modelTrainer(recipe.evaluation),
    progress,
    now,
    watch,
  });
}

/** Trains one run. Throws RUN_NOTHING_TO_RESUME, RUN_BUSY, and whatever training throws (the run is then marked as failed). */
export async function trainRun(request: TrainRunRequest): Promise<TrainRunResult> {
  const { recipe, runsFolder, dataset, resume } = request;
  const config = await configOf(request);
  const place = resume
    ? findUnfinished(runsFolder, config.key, request.progress)
    : await newRun(request, config);
  if (resume) await reopenRun(place.path);
  request.watch?.began(place.path);
  const withdraw = onInterruption(() => {
    unmarkRunning(place.path);
    return `run ${place.id} is kept up to its last epoch; the same command with --resume continues it`;
  });
  try {
    const outcome = await trainInto(place.path, request);
    await finishRun(place.path, outcome, request.now());
    // A comparison of models cut short says little of either.
    if (outcome.best.epoch === recipe.training.epochs)
      request.progress({
        kind: 'note',
        text: `${recipe.model.name}: the best epoch is the last of training.epochs (${recipe.training.epochs}): more may do better`,
      });
    return {
      run: place.id,
      path: place.path,
      model: recipe.model.name,
      dataset: dataset.manifest.dataset,
      seed: recipe.seed,
      ...outcome,
      resumed: resume,
    };
  } catch (error) {
    await failRun(place.path, error, request.now()).catch((second: unknown) => {
      // On a full disk the mark cannot be written either; what stopped the run is what must be told.
      const text = `run ${place.id} could not be marked as failed: ${String(second)}`;
      request.progress({ kind: 'warning', code: 'RUN_NOT_MARKED', text });
    });
    throw error;
  } finally {
    withdraw();
  }
}

async function trainInto(path: string, request: TrainRunRequest): Promise<RunOutcome> {
  const { recipe, dataset, resume, trainer, progress, now } = request;
  const checkpoint = join(path, 'checkpoint');
  await mkdir(checkpoint, { recursive: true });
  let began = now().getTime();
  const { best, headShare } = await trainer({
    dataset,
    ...learnedBy(recipe),
    checkpoint,
    resume,
    progress,
    onEpoch: async (record) => {
      const ended = now().getTime();
      await appendMetrics(path, record);
      await appendTiming(path, { phase: record.phase, epoch: record.epoch, seconds: (ended - began) / 1000 });
      began = ended;
      request.watch?.epoch();
      return metricsDigest(path);
    },
    onSupports: (record) => writeSupports(path, record),
    onResume: (last) => keepMetrics(path, last, last?.log),
  });
  const epochs = readMetrics(path).filter(({ phase }) => phase === 'select').length;
  return {
    epochs,
    best,
    seconds: totalSeconds(path),
    ...(headShare === undefined ? {} : { headShare }),
  };
}

async function newRun(
  { recipe, recipeFile, runsFolder, dataset, command, now }: TrainRunRequest,
  config: RunConfig,
): Promise<{ readonly id: string; readonly path: string }> {
  const startedAt = now();
  const provenance = await gatherProvenance({
    startedAt,
    command,
    recipe: recipeFile,
    folder: runsFolder,
    execution: recipe.execution,
    dataset: { name: dataset.manifest.dataset, hash: dataset.hash },
    seed: recipe.seed,
  });
  return createRun(runsFolder, { startedAt, config, provenance });
}

type ConfigSource = Pick<TrainRunRequest, 'recipe' | 'origins' | 'runsFolder' | 'dataset'> & {
  readonly baselineOf?: string | null;
};

async function configOf({
  recipe,
  origins,
  runsFolder,
  dataset,
  baselineOf = null,
}: ConfigSource): Promise<RunConfig> {
  const manifest = await manifestHash(dataset.path);
  return {
    recipe,
    origins,
    dataset: {
      name: dataset.manifest.dataset,
      hash: dataset.hash,
      // Every run lies one folder below `runs/`, whatever its id will be.
      path: relativeTo(join(runsFolder, 'run'), dataset.path),
      ...(manifest === undefined ? {} : { manifest }),
    },
    baselineOf,
    key: runKey(recipe, dataset.hash, codeDigest()),
  };
}
