// `limaml sweep`: tries values of a recipe's keys, each model with the same budget, and ranks them on validation rows alone.
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runsFolder as runsFolderOf } from '../../config/find-files.js';
import { type LoadedExperiment, loadExperiment } from '../../config/load-experiment.js';
import { settings } from '../../config/overrides.js';
import type { SweepConfig } from '../../config/sweep-section.js';
import { UserError } from '../../errors.js';
import { hashJson } from '../../hash.js';
import type { PreparedDataset } from '../../prepared/dataset.js';
import type { Progress } from '../../progress.js';
import { runKey } from '../../runs/config.js';
import { codeDigest } from '../../runs/gather-provenance.js';
import { type DataPlaces, preparedFor } from '../open-data.js';
import { modelTrainer, type Trainer } from '../trainer.js';
import { inParallel } from './in-parallel.js';
import { boards, type Leaderboard, type TrialResult, writeLeaderboard } from './leaderboard.js';
import { type PlannedTrial, plannedTrials } from './planned-trials.js';
import { runTrial } from './run-trial.js';
import { ranked, rungEpochs, survivors } from './rungs.js';
import { trainingsProgress } from './trainings-progress.js';

export interface SweepOptions {
  /** Models to sweep, in place of those that the section names. */
  readonly models: readonly string[];
  /** `--trials` and `--method`, in place of the section's. */
  readonly trials: number | undefined;
  readonly method: SweepConfig['method'] | undefined;
  /** Trainings at a time. */
  readonly jobs: number;
  /** Texts of `--set`, for every trial. */
  readonly set: readonly string[];
  readonly places: DataPlaces;
  readonly command: readonly string[];
  readonly progress: Progress;
  readonly now: () => Date;
  /** The real one unless it is given. */
  readonly trainer?: Trainer;
}

/**
 * Runs the sweep of a recipe, or goes on with it: trials that were trained before by this very program are read back. Throws
 * SWEEP_NOTHING, SWEEP_GRID_RANGE, and every fault of a trial's recipe before anything is trained.
 */
export async function sweep(reference: string, options: SweepOptions): Promise<Leaderboard> {
  const { places, progress } = options;
  const plain = await loadExperiment({ recipe: reference, cwd: places.cwd, set: options.set });
  const { recipe, path: recipePath, notes } = plain.loaded;
  for (const text of notes) progress({ kind: 'note', text });
  if (recipe.sweep === undefined) {
    throw new UserError({
      code: 'SWEEP_NOTHING',
      where: plain.loaded.shownAs,
      what: 'The recipe does not say what to try: it has no "sweep" section.',
      next: 'For example: sweep: { trials: 12, space: { model.optimizer.learningRate: { log: [0.0005, 0.01] } } }',
    });
  }
  const { trials = recipe.sweep.trials, method = recipe.sweep.method } = options;
  const config: SweepConfig = { ...recipe.sweep, trials, method };
  const planned = plannedTrials(recipe, config, options.models);
  const rungs = rungEpochs(recipe.training.epochs, config);
  const load = ({ model, assignment }: PlannedTrial, epochs: number): Promise<LoadedExperiment> =>
    loadExperiment({
      recipe: reference,
      cwd: places.cwd,
      model: model === recipe.model.name ? undefined : model,
      set: [...options.set, ...settings(assignment), 'training.refit=false', `training.epochs=${epochs}`],
    });
  // All of them at once, so that a key that cannot be set is told before the first training.
  const first = await Promise.all(planned.map((trial) => load(trial, rungs[0]!)));
  const dataset = await preparedFor(plain.data, places, progress);
  const path = join(
    dirname(runsFolderOf(recipePath, recipe.name, places.cwd)),
    'sweeps',
    sweepId(first, dataset, rungs),
  );
  const runsFolder = join(path, 'runs');
  await mkdir(runsFolder, { recursive: true });
  const results: TrialResult[] = [];
  const board = (): Leaderboard => ({
    experiment: recipe.name,
    dataset: dataset.manifest.dataset,
    model: recipe.model.name,
    metric: recipe.training.metric,
    method,
    seed: recipe.seed,
    path,
    models: boards([...new Set(planned.map(({ model }) => model))], results),
  });
  const { command, now, trainer = modelTrainer(recipe.evaluation) } = options;
  const request = { dataset, runsFolder, command, now, trainer };
  let current: readonly PlannedTrial[] = planned;
  for (const [rung, epochs] of rungs.entries()) {
    const loaded = rung === 0 ? first : await Promise.all(current.map((trial) => load(trial, epochs)));
    progress({
      kind: 'stage',
      name: 'sweep',
      detail: `${current.length} trainings of up to ${epochs} epochs${rungs.length > 1 ? `, rung ${rung + 1} of ${rungs.length}` : ''}`,
    });
    const tell = trainingsProgress(current.length, progress);
    const ended: TrialResult[] = [];
    await inParallel(current.length, options.jobs, async (i) => {
      const result = await runTrial(
        { ...current[i]!, rung, epochs, experiment: loaded[i]! },
        { ...request, progress: tell.of(i) },
      );
      results.push(result);
      ended.push(result);
      tell.ended(i);
      progress({ kind: 'note', text: told(result, recipe.training.metric) });
      await writeLeaderboard(board());
    });
    if (rung + 1 < rungs.length) current = goOn(current, ended, config.eta);
  }
  return board();
}

/** Of each model's trials the better ones: models never compete for trainings. */
function goOn(
  planned: readonly PlannedTrial[],
  ended: readonly TrialResult[],
  eta: number,
): readonly PlannedTrial[] {
  return [...new Set(planned.map(({ model }) => model))].flatMap((model) => {
    const own = ranked(ended.filter((result) => result.model === model && result.score !== null));
    const kept = own.slice(0, survivors(own.length, eta)).map(({ trial }) => trial);
    return planned.filter((trial) => trial.model === model && kept.includes(trial.trial));
  });
}

/** Equal for the same trials of the same data by the same program: such a sweep is gone on with. */
function sweepId(
  trials: readonly LoadedExperiment[],
  dataset: PreparedDataset,
  rungs: readonly number[],
): string {
  const keys = trials.map(({ loaded }) => runKey(loaded.recipe, dataset.hash, codeDigest()));
  return hashJson({ keys, rungs }).slice(0, 12);
}

function told({ model, trial, value, bestEpoch, failure, assignment }: TrialResult, metric: string): string {
  const what = trial === 0 ? 'the recipe as it stands' : settings(assignment).join(' ');
  const result = failure ?? `validation ${metric} ${value!.toFixed(4)} at epoch ${bestEpoch}`;
  return `${model} ${trial}: ${result}: ${what}`;
}
