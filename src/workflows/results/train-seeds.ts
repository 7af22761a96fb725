// `limaml train` of a recipe with several seeds: a run of each, and what they are worth together.
import { runsFolder } from '../../config/find-files.js';
import type { LoadedExperiment } from '../../config/load-experiment.js';
import { seededRecipe } from '../../config/seeded-recipe.js';
import { hashFile } from '../../hash.js';
import { readRunConfig } from '../../runs/config.js';
import { readDone } from '../../runs/done.js';
import type { Measured } from '../../runs/measured.js';
import { measureProtocols } from '../measure-protocols.js';
import { preparedFor } from '../open-data.js';
import { differing, FROZEN_REPLAY } from '../protocols.js';
import type { RunWatch, TrainOptions } from '../train.js';
import { trainedRun } from '../trained-run.js';
import { modelTrainer } from '../trainer.js';
import { collate, type ProtocolResults, SHOWN_METRICS } from './collate.js';

interface SeedsOptions extends Omit<TrainOptions, 'resume' | 'watch'> {
  readonly seeds: readonly number[];
  /** Somebody who looks on, for each training anew. */
  readonly follow: () => (RunWatch & { end(): Promise<void> }) | undefined;
}

export interface TrainedSeeds {
  readonly experiment: string;
  readonly dataset: string;
  readonly model: string;
  readonly level: number;
  readonly runs: readonly {
    readonly seed: number;
    readonly run: string;
    readonly path: string;
    readonly epochs: number;
    readonly best: { readonly epoch: number; readonly auc: number | null };
  }[];
  /** On test rows: vectors frozen, and the protocol of the recipe where it is another. */
  readonly protocols: readonly ProtocolResults[];
}

/** Each run is an ordinary one: found where this very program finished it, taken up where it was interrupted. Throws what `trainRun` throws. */
export async function trainSeeds(
  { loaded, data }: LoadedExperiment,
  { seeds, follow, places, command, progress, now }: SeedsOptions,
): Promise<TrainedSeeds> {
  const { recipe, notes, path: recipePath, shownAs } = loaded;
  for (const text of notes) progress({ kind: 'note', text });
  const dataset = await preparedFor(data, places, progress);
  const recipeFile = { file: shownAs, sha256: await hashFile(recipePath) };
  const { evaluation } = recipe;
  const { name } = recipe.model;
  const runs: TrainedSeeds['runs'][number][] = [];
  const measured: { seed: number; measured: readonly Measured[] }[] = [];
  for (const seed of seeds) {
    const watch = follow();
    const training = trainedRun(
      {
        ...seededRecipe(loaded, seed),
        recipeFile,
        runsFolder: runsFolder(recipePath, recipe.name, places.cwd),
        dataset,
        command,
        trainer: modelTrainer(evaluation),
        progress,
        now,
        watch,
      },
      `seed ${seed}, ${runs.length + 1} of ${seeds.length}`,
    );
    const { id, path } = await training.finally(() => watch?.end());
    const { epochs, best } = readDone(path);
    runs.push({ seed, run: id, path, epochs, best });
    const own = [{ name, path, config: readRunConfig(path) }] as const;
    measured.push({
      seed,
      measured: await measureProtocols(
        [FROZEN_REPLAY, ...differing([evaluation.replay])].map((replay) => ({ replay, runs: own })),
        { dataset, evaluation, metrics: SHOWN_METRICS, seed, progress },
      ),
    });
  }
  return {
    experiment: recipe.name,
    dataset: dataset.manifest.dataset,
    model: name,
    level: evaluation.level,
    runs,
    protocols: collate(measured),
  };
}
