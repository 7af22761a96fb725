// Trains an experiment with several seeds and measures each on the test rows.
import { join } from 'node:path';
import type { OriginatedRecipe } from '../../config/check-recipe.js';
import { seededRecipe } from '../../config/seeded-recipe.js';
import type { MetricEntry } from '../../evaluation/metrics/metric.js';
import { rowMetrics } from '../../evaluation/row-metrics.js';
import type { PreparedDataset } from '../../prepared/dataset.js';
import type { Progress } from '../../progress.js';
import { readRunConfig } from '../../runs/config.js';
import { readMetrics } from '../../runs/metrics-log.js';
import { scoreModels } from '../score-models.js';
import { trainRun } from '../train.js';
import { modelTrainer } from '../trainer.js';
import type { SeedResult } from './expectation.js';

export interface SeedsRequest extends OriginatedRecipe {
  readonly recipeFile: { readonly file: string; readonly sha256: string };
  readonly dataset: PreparedDataset;
  /** Metrics, of which the headline ones are held. */
  readonly registry: readonly MetricEntry[];
  /** Folder for the runs: they are looked at once and are nobody's runs. */
  readonly folder: string;
  readonly seeds: readonly number[];
  readonly command: readonly string[];
  readonly progress: Progress;
  readonly now: () => Date;
}

/** One result a seed, in order. Always trains: what was trained by other code would prove nothing. */
export async function trainSeeds(request: SeedsRequest): Promise<readonly SeedResult[]> {
  const { recipe, seeds, progress } = request;
  const results: SeedResult[] = [];
  for (const seed of seeds) {
    progress({
      kind: 'part',
      part: results.length + 1,
      of: seeds.length,
      name: `${recipe.name}: seed ${seed}`,
    });
    results.push(await trainSeed(request, seed));
  }
  return results;
}

async function trainSeed(request: SeedsRequest, seed: number): Promise<SeedResult> {
  const { dataset, progress, registry } = request;
  const seeded = seededRecipe(request, seed);
  const { recipe } = seeded;
  const { path, best } = await trainRun({
    ...request,
    ...seeded,
    runsFolder: join(request.folder, 'runs'),
    resume: false,
    trainer: modelTrainer(recipe.evaluation, registry),
  });
  const name = recipe.model.name;
  const config = readRunConfig(path);
  const { label, scores, entity } = await scoreModels(dataset, [{ name, path, config }], [], progress);
  const losses = readMetrics(path)
    .filter(({ phase }) => phase === 'select')
    .map(({ loss }) => loss);
  const rows = { label, probability: scores.get(name)!, entity };
  const metrics = { ...rowMetrics(rows, 'test rows', registry, recipe.evaluation) };
  return { seed: recipe.seed, metrics, losses, epoch: best.epoch };
}
