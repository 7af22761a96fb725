// The trained runs of one seed: the recipe's own, its baselines and its variants.
import { dirname } from 'node:path';
import { runsFolder } from '../../config/find-files.js';
import type { LoadedExperiment } from '../../config/load-experiment.js';
import { seededRecipe } from '../../config/seeded-recipe.js';
import { hashFile } from '../../hash.js';
import type { PreparedDataset } from '../../prepared/dataset.js';
import type { Progress } from '../../progress.js';
import { readRunConfig } from '../../runs/config.js';
import type { RunPlace } from '../../runs/places.js';
import { baselineRun } from '../baseline.js';
import type { NamedRun } from '../named-run.js';
import { trainedRun } from '../trained-run.js';
import { modelTrainer } from '../trainer.js';
import type { Plan } from './plan.js';

interface SeedRequest {
  readonly seed: number;
  readonly dataset: PreparedDataset;
  readonly cwd: string;
  readonly command: readonly string[];
  readonly progress: Progress;
  readonly now: () => Date;
}

export interface SeedRuns {
  readonly place: RunPlace;
  readonly own: NamedRun;
  /** By the name under `baselines`. */
  readonly baselines: ReadonlyMap<string, NamedRun>;
  readonly variants: readonly NamedRun[];
}

/** Trains those that this very program did not train before. Throws what training throws. */
export async function runsOfSeed(plan: Plan, request: SeedRequest): Promise<SeedRuns> {
  const place = await ownRun(plan.experiment, request, plan.experiment.loaded.recipe.name);
  const config = readRunConfig(place.path);
  const own: NamedRun = { name: config.recipe.model.name, path: place.path, config };
  const trainer = modelTrainer(config.recipe.evaluation);
  const baselines = new Map<string, NamedRun>();
  for (const name of plan.baselines)
    baselines.set(
      name,
      await baselineRun(name, [own, ...baselines.values()], { ...request, run: place, config, trainer }),
    );
  const variants: NamedRun[] = [];
  for (const { name, experiment } of plan.variants) {
    const { path } = await ownRun(experiment, request, `variant ${name}`, place);
    variants.push({ name: `${own.name} (${name})`, path, config: readRunConfig(path) });
  }
  return { place, own, baselines, variants };
}

async function ownRun(
  { loaded }: LoadedExperiment,
  { seed, dataset, cwd, command, progress, now }: SeedRequest,
  name: string,
  of?: RunPlace,
): Promise<RunPlace> {
  const { recipe, path, shownAs } = loaded;
  return trainedRun(
    {
      ...seededRecipe(loaded, seed),
      recipeFile: { file: shownAs, sha256: await hashFile(path) },
      runsFolder: of === undefined ? runsFolder(path, recipe.name, cwd) : dirname(of.path),
      ...(of === undefined ? {} : { baselineOf: of.id }),
      dataset,
      command,
      trainer: modelTrainer(recipe.evaluation),
      progress,
      now,
    },
    name,
  );
}
