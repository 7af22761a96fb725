// Training: choose the epoch on validation rows, then, when asked, refit on training and validation rows.

import type { ExecutionConfig } from '../engine/execution-config.js';
import type { FeatureSource } from '../engine/features/feature-source.js';
import { loadSource } from '../engine/features/load-source.js';
import { copyState, initialState, type ModelState } from '../engine/model-state.js';
import { programsToScore, TRAIN } from '../engine/programs/program-key.js';
import { oneAhead } from '../engine/runner/one-ahead.js';
import { openRunner } from '../engine/runner/open-runner.js';
import { UserError } from '../errors.js';
import type { Model } from '../models/definition.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import type { Progress } from '../progress.js';
import { REFIT_ROLES, type RowRoles, SELECT_ROLES } from '../scoring/learning-rows.js';
import { placebo } from '../scoring/served-support.js';
import { epochBatches } from './batches.js';
import type { TrainingConfig } from './config.js';
import { type OptimizerState, trainStep } from './step.js';
import { type FollowedMetrics, type ValidationMetrics, validate } from './validate.js';

export type Phase = 'select' | 'refit';

/** One line of metrics.jsonl. */
export interface EpochRecord {
  readonly phase: Phase;
  readonly epoch: number;
  /** Mean training loss over the epoch's batches. */
  readonly loss: number;
  /** Absent while refitting: no rows are held out then. */
  readonly valid?: ValidationMetrics;
  /** Inner rate chosen on the validation rows, for models that do not learn it. */
  readonly innerRate?: number;
}

/** Everything needed to go on as if nothing had happened. */
export interface TrainingState {
  readonly phase: Phase;
  /** Epochs done in this phase. */
  readonly epoch: number;
  /** Epochs it took to choose; while choosing, those done so far. */
  readonly selectEpochs: number;
  readonly state: ModelState;
  readonly optimizer: OptimizerState;
  readonly best: BestEpoch | undefined;
}

export interface BestEpoch {
  readonly epoch: number;
  readonly metrics: ValidationMetrics;
  readonly innerRate: number | undefined;
  readonly state: ModelState;
}

export interface TrainInputs {
  readonly model: Model;
  readonly dataset: PreparedDataset;
  readonly training: TrainingConfig;
  readonly execution: ExecutionConfig;
  readonly seed: number;
  readonly metrics: FollowedMetrics;
  readonly progress: Progress;
  /** Called after every epoch; what it stores is what a resumed run starts from. */
  readonly onEpoch: (record: EpochRecord, resumeFrom: TrainingState) => Promise<void>;
  readonly resumeFrom?: TrainingState;
}

export interface TrainResult {
  /** Final numbers: of the best epoch, or of the refit. */
  readonly state: ModelState;
  readonly best: Omit<BestEpoch, 'state'>;
  /** Epochs run while choosing. */
  readonly epochs: number;
  readonly refitted: boolean;
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
  let best = resumeFrom?.best;
  let epochs = resumeFrom?.selectEpochs ?? 0;
  if (resumeFrom?.phase !== 'refit') {
    const selected = await runPhase(inputs, 'select', SELECT_ROLES, training.epochs, resumeFrom);
    best = selected.best;
    epochs = selected.epochs;
  }
  const { state: bestState, ...bestRecord } = best!;
  if (!training.refit) return { state: bestState, best: bestRecord, epochs, refitted: false };
  const resume = resumeFrom?.phase === 'refit' ? resumeFrom : undefined;
  const refit = await runPhase(inputs, 'refit', REFIT_ROLES, best!.epoch, resume, { best: best!, epochs });
  return { state: refit.state, best: bestRecord, epochs, refitted: true };
}

async function runPhase(
  inputs: TrainInputs,
  phase: Phase,
  roles: RowRoles,
  epochs: number,
  resumeFrom: TrainingState | undefined,
  selected?: { readonly best: BestEpoch; readonly epochs: number },
): Promise<{ state: ModelState; best: BestEpoch | undefined; epochs: number }> {
  const { model, dataset, training, seed, progress } = inputs;
  const source = await loadSource(dataset, roles.learn);
  const state = resumeFrom?.state ?? initialState(model, seed);
  if (phase === 'refit' && resumeFrom === undefined) setInnerRate(model, state, selected?.best.innerRate);
  const runner = await openRunner(model, state, inputs.execution, [
    TRAIN,
    ...(phase === 'select' ? programsToScore(model) : []),
  ]);
  try {
    const stepper = trainStep(model, state, runner, training.clip, resumeFrom?.optimizer);
    let best = resumeFrom?.best ?? selected?.best;
    let epoch = resumeFrom?.epoch ?? 0;
    progress({ kind: 'stage', name: `${phase === 'refit' ? 'refit' : 'train'} ${model.name}` });
    while (
      epoch < epochs &&
      !(phase === 'select' && exhausted(best, epoch, stepper.optimizerState.steps, training))
    ) {
      epoch++;
      const loss = await runEpoch(inputs, phase, roles, epoch, epochs, source, stepper);
      let record: EpochRecord = { phase, epoch, loss };
      if (phase === 'select') {
        const found = await validate(inputs, source, runner, state);
        record = { ...record, valid: found.metrics, ...rateRecord(found.innerRate) };
        if (best === undefined || found.metrics.score > best.metrics.score)
          best = { epoch, metrics: found.metrics, innerRate: found.innerRate, state: copyState(state) };
      }
      progress({ kind: 'epoch', epoch, epochs, figures: figuresOf(record, inputs.metrics) });
      const selectEpochs = selected?.epochs ?? epoch;
      await inputs.onEpoch(record, {
        phase,
        epoch,
        selectEpochs,
        state,
        optimizer: stepper.optimizerState,
        best,
      });
    }
    return { state, best, epochs: epoch };
  } finally {
    await runner.close();
  }
}

/** Patience alone would stop on the plateau before adaptation sets in, where an epoch is a handful of steps. */
function exhausted(
  best: BestEpoch | undefined,
  epoch: number,
  steps: number,
  { patience, minSteps }: TrainingConfig,
): boolean {
  return best !== undefined && epoch - best.epoch >= patience && steps >= minSteps;
}

async function runEpoch(
  inputs: TrainInputs,
  phase: Phase,
  roles: RowRoles,
  epoch: number,
  epochs: number,
  source: FeatureSource,
  stepper: ReturnType<typeof trainStep>,
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
  });
  let losses = 0;
  let steps = 0;
  let done = 0;
  for await (const batch of oneAhead(batches)) {
    const where = (): string => `${model.name}, ${phase} epoch ${epoch}, step ${steps + 1}`;
    losses += await stepper.step(batch.tiles, where);
    steps++;
    done += batch.units;
    progress({
      kind: 'step',
      done,
      total,
      unit,
      figures: { epoch: `${epoch}/${epochs}`, loss: losses / steps },
    });
  }
  return losses / Math.max(1, steps);
}

/** Sets the inner rate of a model that has it chosen on validation rows. */
export function setInnerRate(model: Model, state: ModelState, rate: number | undefined): void {
  const grid = model.rateGrid;
  if (grid !== undefined && rate !== undefined) state.parameters.get(grid.parameter)!.fill(rate);
}

function rateRecord(innerRate: number | undefined): { innerRate?: number } {
  return innerRate === undefined ? {} : { innerRate };
}

function figuresOf(record: EpochRecord, { titles }: FollowedMetrics): Record<string, number | string> {
  const { loss, valid, innerRate } = record;
  return {
    loss,
    ...(valid === undefined
      ? {}
      : Object.fromEntries(
          Object.entries(titles).map(([name, title]) => [`valid ${title}`, valid[name] ?? 'undefined']),
        )),
    ...rateRecord(innerRate),
  };
}
