// The evaluation of a run made again from the run, its baselines and the data, and held against `eval.json`.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hashFile } from '../hash.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import type { Progress } from '../progress.js';
import type { RunConfig } from '../runs/config.js';
import { readEvaluation } from '../runs/evaluation.js';
import { runDamaged } from '../runs/json.js';
import type { RunPlace } from '../runs/places.js';
import { measureRun } from './evaluate.js';
import { type ComparedEvaluation, partedEvaluation } from './parted-evaluation.js';
import type { Replay } from './replay-run.js';
import { modelTrainer } from './trainer.js';

interface EvaluationRequest {
  readonly run: RunPlace;
  readonly config: RunConfig;
  readonly dataset: PreparedDataset;
  /** How the training is held to what was recorded, and what has changed since. */
  readonly replay: Pick<Replay, 'heldTo' | 'changed'>;
  readonly cwd: string;
  readonly progress: Progress;
  readonly now: () => Date;
}

/** What another machine may make of a number, absolute up to 1 and relative above. */
const NEARLY = 0.01;

/**
 * Null for a run that was not evaluated. Throws RUN_DAMAGED where a file beside it is not what the evaluation wrote, and what is thrown
 * for a baseline that is gone.
 */
export async function evaluateAgain(request: EvaluationRequest): Promise<ComparedEvaluation | null> {
  const { run, config, dataset, replay, cwd, progress, now } = request;
  const recorded = readEvaluation(run);
  if (recorded === null) return null;
  for (const [name, hash] of Object.entries(recorded.files ?? {})) {
    const file = join(run.path, name);
    const again = `Evaluate the run again: limaml eval ${run.id}`;
    if (!existsSync(file)) throw runDamaged(file, 'This file of the evaluation is gone.', again);
    if ((await hashFile(file)) !== hash)
      throw runDamaged(file, 'This is not what the evaluation wrote.', again);
  }
  const { evaluation } = await measureRun({
    run,
    config,
    dataset,
    // By their runs: what a model's name means today may be another one.
    baselines: recorded.models.slice(1).map((model) => placeOfBaseline(run, model.run)),
    evaluation: recorded.config ?? config.recipe.evaluation,
    replays: recorded.replays.map(({ protocol }) => protocol),
    skipCurves: recorded.adaptation === undefined,
    cwd,
    command: [],
    trainer: modelTrainer(config.recipe.evaluation),
    progress,
    now,
  });
  const isNear = replay.heldTo === 'nearly';
  return partedEvaluation(recorded, evaluation, {
    numbers: isNear ? NEARLY : 0,
    sameProgram: !replay.changed.some(({ kind }) => kind === 'code'),
  });
}

/** Beside the run, where baselines are trained; else wherever the project has it. */
function placeOfBaseline({ path }: RunPlace, id: string): string {
  const beside = join(dirname(path), id);
  return existsSync(beside) ? beside : id;
}
