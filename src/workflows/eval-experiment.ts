// A run opened with its data and evaluated, options of the evaluation overridden where the user says so.
import { checkTree, faultsToErrors } from '../config/faults.js';
import { layer } from '../config/layers.js';
import { parseOverrides } from '../config/overrides.js';
import { UserError, UserErrors } from '../errors.js';
import { type EvaluationConfig, evaluationConfig } from '../evaluation/config/evaluation-config.js';
import type { Progress } from '../progress.js';
import { type RunConfig, readRunConfig } from '../runs/run-config.js';
import type { RunPlace } from '../runs/run-index.js';
import { type EvalRunResult, evalRun } from './eval-run.js';
import { modelTrainer } from './model-trainer.js';
import { datasetOfRun } from './open-data.js';

export interface EvalExperimentOptions {
  readonly baselines: readonly string[];
  /** Texts of `--set`, keys under `evaluation` only. */
  readonly set: readonly string[];
  readonly skipCurves?: boolean;
  readonly cwd: string;
  readonly command: readonly string[];
  readonly progress: Progress;
  readonly now: () => Date;
}

export async function evalExperiment(run: RunPlace, options: EvalExperimentOptions): Promise<EvalRunResult> {
  const { baselines, set, skipCurves = false, cwd, command, progress, now } = options;
  const config = await readRunConfig(run.path);
  const evaluation = overridden(config, set);
  return evalRun({
    run,
    config,
    dataset: await datasetOfRun(run.path, config),
    baselines,
    evaluation,
    skipCurves,
    cwd,
    command,
    trainer: modelTrainer(config.recipe.evaluation.groupAuc),
    progress,
    now,
  });
}

/** The run's evaluation section with `--set evaluation.…` laid over it. */
function overridden({ recipe }: RunConfig, set: readonly string[]): EvaluationConfig {
  const overrides = parseOverrides(set);
  const foreign = overrides.filter(({ path }) => path[0] !== 'evaluation' || path.length < 2);
  if (foreign.length > 0) {
    throw new UserErrors(
      foreign.map(
        ({ flag }) =>
          new UserError({
            code: 'OVERRIDE_TOO_LATE',
            where: flag,
            what: 'The run is trained: only keys under evaluation can still be changed.',
            next: 'Train again with it: limaml train … --set …',
          }),
      ),
    );
  }
  const file = { file: 'config.json', value: { evaluation: recipe.evaluation }, positionOf: () => undefined };
  const layered = layer(file, overrides);
  const { evaluation } = layered.value as { readonly evaluation: unknown };
  const checked = checkTree(evaluationConfig, evaluation, ['evaluation']);
  if (checked.faults !== undefined) throw new UserErrors(faultsToErrors(checked.faults, layered));
  return checked.value;
}
