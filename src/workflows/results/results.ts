// `limaml results`: every experiment with several seeds, its baselines, frozen and as it is served; trained where it is not yet.

import { runsFolder } from '../../config/find-files.js';
import { loadExperiment } from '../../config/load-experiment.js';
import { UserError } from '../../errors.js';
import { hashFile } from '../../hash.js';
import type { Progress } from '../../progress.js';
import { runKey } from '../../runs/config.js';
import { codeDigest } from '../../runs/gather-provenance.js';
import { placeOf } from '../../runs/places.js';
import { findFinished } from '../../runs/reuse.js';
import { evaluate } from '../evaluate.js';
import { type DataPlaces, preparedFor } from '../open-data.js';
import { trainRun } from '../train.js';
import { modelTrainer } from '../trainer.js';
import { collate, type ProtocolResults, type SeedEvaluation } from './collate.js';

export interface ResultsOptions {
  /** Each experiment is trained with each of them. */
  readonly seeds: readonly number[];
  /** Protocols beside frozen vectors, as `eval --refresh` takes them. */
  readonly refresh: readonly string[];
  readonly retrain: string | undefined;
  readonly set: readonly string[];
  readonly places: DataPlaces;
  readonly command: readonly string[];
  readonly progress: Progress;
  readonly now: () => Date;
}

export interface ExperimentResults {
  readonly experiment: string;
  readonly dataset: string;
  readonly dataHash: string;
  readonly model: string;
  readonly seeds: readonly number[];
  readonly level: number;
  /** Ids of the runs, by seed. */
  readonly runs: readonly string[];
  readonly oracle: number | null;
  /** History features that any model reads; they bias metrics within entities. */
  readonly movingHistory: readonly string[];
  readonly protocols: readonly ProtocolResults[];
}

/** Trains what is not trained yet by this very program, evaluates everything, and puts it together. Throws RESULTS_NO_BASELINE. */
export async function results(
  experiments: readonly string[],
  options: ResultsOptions,
): Promise<readonly ExperimentResults[]> {
  const all: ExperimentResults[] = [];
  for (const experiment of experiments) all.push(await resultsOf(experiment, options));
  return all;
}

async function resultsOf(reference: string, options: ResultsOptions): Promise<ExperimentResults> {
  const { seeds, refresh, retrain, set, places, command, progress, now } = options;
  const { loaded, data } = await loadExperiment({ recipe: reference, cwd: places.cwd, set });
  const { recipe, origins, notes, path, shownAs } = loaded;
  for (const text of notes) progress({ kind: 'note', text });
  const baselines = Object.keys(recipe.baselines);
  if (baselines.length === 0) {
    throw new UserError({
      code: 'RESULTS_NO_BASELINE',
      where: shownAs,
      what: 'The recipe names no baseline, so there is nothing to hold its model against.',
      next: 'For example: baselines: { widedeep: {} }',
    });
  }
  const dataset = await preparedFor(data, places, progress);
  const folder = runsFolder(path, recipe.name, places.cwd);
  const recipeFile = { file: shownAs, sha256: await hashFile(path) };
  const done: SeedEvaluation[] = [];
  for (const seed of seeds) {
    progress({ kind: 'note', text: `${recipe.name}: seed ${seed}, ${done.length + 1} of ${seeds.length}` });
    const seeded = { ...recipe, seed };
    const finished = findFinished(folder, runKey(seeded, dataset.hash, codeDigest()), progress);
    const place =
      finished ??
      placeOf(
        (
          await trainRun({
            recipe: seeded,
            origins: { ...origins, seed: `--seed ${seed}` },
            recipeFile,
            runsFolder: folder,
            dataset,
            resume: false,
            command,
            trainer: modelTrainer(recipe.evaluation),
            progress,
            now,
          })
        ).path,
      );
    const evaluation = await evaluate(place, {
      baselines,
      refresh,
      retrain,
      set: [],
      skipCurves: true,
      cwd: places.cwd,
      command,
      progress,
      now,
    });
    done.push({ seed, evaluation });
  }
  const { evaluation } = done[0]!;
  return {
    experiment: recipe.name,
    dataset: dataset.manifest.dataset,
    dataHash: dataset.hash,
    model: recipe.model.name,
    seeds,
    level: evaluation.level,
    runs: done.map((one) => one.evaluation.run),
    oracle: evaluation.oracle?.auc ?? null,
    movingHistory: evaluation.movingHistory,
    protocols: collate(done),
  };
}
