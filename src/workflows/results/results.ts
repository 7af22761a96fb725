// `limaml results`: every experiment with several seeds, its baselines and variants, frozen and as it is served; trained where it is not yet.
import type { Progress } from '../../progress.js';
import type { Measured } from '../../runs/measured.js';
import { measureProtocols } from '../measure-protocols.js';
import { movingHistory } from '../moving-history.js';
import { type DataPlaces, preparedFor } from '../open-data.js';
import { collate, type ProtocolResults, SHOWN_METRICS } from './collate.js';
import { loadPlan, type PlanOptions } from './plan.js';
import { protocolsOf } from './protocols-of-seed.js';
import { runsOfSeed } from './runs-of-seed.js';

interface ResultsOptions extends PlanOptions {
  /** Each experiment is trained with each of them; with those of its recipe, or with 1 to 5, unless they are given. */
  readonly seeds: readonly number[] | undefined;
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

/**
 * Trains and measures what this very program did not before, and puts everything together; what was interrupted goes on. Every recipe is
 * read before the first training. Throws RESULTS_NO_BASELINE.
 */
export async function results(
  experiments: readonly string[],
  options: ResultsOptions,
): Promise<readonly ExperimentResults[]> {
  const { places, progress, command, now } = options;
  const plans = [];
  for (const experiment of experiments) plans.push(await loadPlan(experiment, places.cwd, options));
  const all: ExperimentResults[] = [];
  for (const plan of plans) {
    const { loaded, data } = plan.experiment;
    const { recipe, notes } = loaded;
    const seeds = options.seeds ?? recipe.seeds ?? [1, 2, 3, 4, 5];
    for (const text of notes) progress({ kind: 'note', text });
    const dataset = await preparedFor(data, places, progress);
    const bySeed: { seed: number; run: string; measured: readonly Measured[] }[] = [];
    let moving: readonly string[] = [];
    for (const seed of seeds) {
      progress({
        kind: 'part',
        part: all.length * seeds.length + bySeed.length + 1,
        of: plans.length * seeds.length,
        name: `${recipe.name}: seed ${seed}`,
      });
      const runs = await runsOfSeed(plan, { seed, dataset, cwd: places.cwd, command, progress, now });
      const { evaluation } = recipe;
      const measured = await measureProtocols(protocolsOf(plan, runs), {
        dataset,
        evaluation,
        metrics: SHOWN_METRICS,
        seed,
        progress,
      });
      moving = movingHistory(
        dataset,
        [runs.own, ...runs.baselines.values(), ...runs.variants].map(({ config }) => config.recipe),
      );
      bySeed.push({ seed, run: runs.place.id, measured });
    }
    all.push({
      experiment: recipe.name,
      dataset: dataset.manifest.dataset,
      dataHash: dataset.hash,
      model: recipe.model.name,
      seeds,
      level: recipe.evaluation.level,
      runs: bySeed.map(({ run }) => run),
      oracle: dataset.manifest.oracleAuc?.test ?? null,
      movingHistory: moving,
      protocols: collate(bySeed),
    });
  }
  return all;
}
