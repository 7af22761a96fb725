// One epoch: every batch a step, begun while the one before is under way, with the next batch made meanwhile.
import type { FeatureSource } from '../engine/features/feature-source.js';
import { oneAhead } from '../one-ahead.js';
import type { RowRoles } from '../scoring/learning-rows.js';
import { placebo } from '../scoring/served-support.js';
import { epochBatches } from './batches.js';
import type { TrainStep } from './step.js';
import type { SupportShares } from './support-shares.js';
import type { TrainInputs } from './train-inputs.js';
import type { Phase } from './training-state.js';

/** Which epoch of how many, and of what rows. */
interface EpochPlace {
  readonly phase: Phase;
  readonly roles: RowRoles;
  readonly epoch: number;
  readonly epochs: number;
  /** Of a model that learns by episodes: which of their supports are empty or short. */
  readonly supports: SupportShares | undefined;
  /** Validation scores of the epochs before, for schedules. */
  readonly scores: readonly number[];
}

interface BegunStep {
  readonly loss: Promise<number>;
  /** Units that are through when it is. */
  readonly done: number;
}

/** Mean loss of the epoch's steps. */
export async function runEpoch(
  inputs: TrainInputs,
  { phase, roles, epoch, epochs, supports, scores }: EpochPlace,
  source: FeatureSource,
  stepper: TrainStep,
): Promise<number> {
  const { model, dataset, training, seed, progress } = inputs;
  const { train, valid } = dataset.manifest.splits;
  const rows = train.rows + (phase === 'refit' ? valid.rows : 0);
  const total =
    model.learns.by === 'rows' ? rows : Math.max(train.entities, phase === 'refit' ? valid.entities : 0);
  const unit = model.learns.by === 'rows' ? 'rows' : 'tasks';
  const batches = epochBatches(model, dataset, source, {
    seed,
    phase,
    epoch,
    learn: roles.learn,
    tileRows: inputs.execution.tileRows,
    placebo: placebo(training, seed),
    supports,
  });
  let losses = 0;
  let steps = 0;
  const settle = async ({ loss, done }: BegunStep): Promise<void> => {
    losses += await loss;
    steps++;
    progress({
      kind: 'step',
      done,
      total,
      unit,
      within: { part: epoch, of: epochs, mayEndEarly: phase === 'select' },
      figures: { epoch: `${epoch}/${epochs}`, loss: losses / steps },
    });
  };
  let begun = 0;
  let done = 0;
  let last: BegunStep | undefined;
  for await (const batch of oneAhead(batches)) {
    const step = ++begun;
    done += batch.units;
    const pace = { epochs: epoch - 1 + Math.min(1, done / total), horizon: training.epochs, scores };
    const loss = stepper.step(
      batch.tiles,
      () => `${model.name}, ${phase} epoch ${epoch}, step ${step}`,
      pace,
    );
    // Of a step that is not waited for any more, since the one before it failed.
    loss.catch(() => undefined);
    // Workers go from step to step without waiting for this thread.
    if (last !== undefined) await settle(last);
    last = { loss, done };
  }
  if (last !== undefined) await settle(last);
  return losses / Math.max(1, steps);
}
