// Training: choose the epoch on validation rows, then, when asked, refit on training and validation rows.
import type { ModelState } from '../engine/model-state.js';
import { UserError } from '../errors.js';
import { type ChosenShare, withChosenShare } from './choose-share.js';
import { runPhase } from './phase.js';
import type { Selected } from './phase-result.js';
import { type SupportShares, supportShares } from './support-shares.js';
import type { TrainInputs } from './train-inputs.js';
import type { BestEpoch } from './training-state.js';

export interface TrainResult {
  /** Final numbers: of the best epoch, or of the refit. */
  readonly state: ModelState;
  readonly best: Omit<BestEpoch, 'state'>;
  /** Epochs run while choosing. */
  readonly epochs: number;
  readonly refitted: boolean;
  /** Of a model whose heads are weighed by validation rows. */
  readonly headShare?: ChosenShare;
}

/** Trains a model. Same inputs and seed give the same bytes, whatever the number of workers. */
export async function trainModel(inputs: TrainInputs): Promise<TrainResult> {
  const { dataset, training, resumeFrom } = inputs;
  if (dataset.manifest.splits.train.rows === 0 || dataset.manifest.splits.valid.rows === 0)
    throw new UserError({
      code: 'SPLIT_EMPTY',
      where: dataset.path,
      what: `Training needs training and validation rows; there are ${dataset.manifest.splits.train.rows} and ${dataset.manifest.splits.valid.rows}.`,
      next: 'Change the split fractions or dates under prep.split.',
    });
  const ready = { ...inputs, supports: await sharesOf(inputs) };
  let best = resumeFrom?.best;
  let epochs = resumeFrom?.selectEpochs ?? 0;
  let scores = resumeFrom?.scores ?? [];
  if (resumeFrom?.phase !== 'refit') {
    const selected = await runPhase(ready, 'select', training.epochs, resumeFrom);
    best = selected.best;
    epochs = selected.epochs;
    scores = selected.scores;
  }
  const weighed = await withChosenShare(ready, best!.state);
  const headShare = weighed === undefined ? {} : { headShare: weighed.chosen };
  best = { ...best!, state: weighed?.state ?? best!.state };
  const { state: bestState, ...bestRecord } = best;
  if (!training.refit) return { state: bestState, best: bestRecord, epochs, refitted: false, ...headShare };
  const resume = resumeFrom?.phase === 'refit' ? resumeFrom : undefined;
  const refit = await runPhase(ready, 'refit', best.epoch, resume, { best, epochs, scores });
  return { state: refit.state, best: bestRecord, epochs, refitted: true, ...headShare };
}

/** Trains anew on all training and validation rows, for as many epochs as were chosen before. */
export async function retrainModel(inputs: TrainInputs, selected: Selected): Promise<ModelState> {
  const ready = { ...inputs, supports: await sharesOf(inputs) };
  return (await runPhase(ready, 'refit', selected.best.epoch, inputs.resumeFrom, selected)).state;
}

/** Of a model that learns by episodes; it is told to the caller, who keeps it. */
async function sharesOf(inputs: TrainInputs): Promise<SupportShares | undefined> {
  const { model, dataset, replay, progress, onSupports } = inputs;
  if (model.learns.by !== 'episodes') return undefined;
  const record = await supportShares(dataset, model.learns, replay, progress);
  await onSupports?.(record);
  return record.used;
}
