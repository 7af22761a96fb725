// One pass of training from fresh numbers: while the epoch is chosen on validation rows, or to the chosen one on all of them.
import { loadSource } from '../engine/features/load-source.js';
import { KernelMemory } from '../engine/memory/kernel-memory.js';
import { copyState, initialState, type ModelState } from '../engine/model-state.js';
import { programsToScore, TRAIN } from '../engine/programs/program-key.js';
import { openRunner } from '../engine/runner/open-runner.js';
import type { Model } from '../models/contract/definition.js';
import { rolesAfter } from '../scoring/learning-rows.js';
import { takeShare } from './choose-share.js';
import type { TrainingConfig } from './config.js';
import { countPhase } from './count-phase.js';
import { runEpoch } from './epoch.js';
import { figuresOf, rateRecord } from './epoch-figures.js';
import type { PhaseResult, Selected } from './phase-result.js';
import { trainStep } from './step.js';
import type { SupportShares } from './support-shares.js';
import type { TrainInputs } from './train-inputs.js';
import type { BestEpoch, EpochRecord, Phase, TrainingState } from './training-state.js';
import { validate } from './validate.js';

/** Runs epochs until there were enough, or until patience ends while the epoch is chosen. */
export async function runPhase(
  inputs: TrainInputs & { readonly supports: SupportShares | undefined },
  phase: Phase,
  epochs: number,
  resumeFrom: TrainingState | undefined,
  selected?: Selected,
): Promise<PhaseResult> {
  const { model, dataset, training, seed, progress, supports } = inputs;
  if (model.learns.by === 'counts') return countPhase(inputs, phase, selected);
  const roles = rolesAfter({ refit: phase === 'refit' });
  const source = await loadSource(dataset, roles.learn);
  const memory = new KernelMemory();
  const state =
    resumeFrom === undefined ? initialState(model, seed, memory) : copyState(resumeFrom.state, memory);
  if (phase === 'refit' && resumeFrom === undefined) {
    setInnerRate(model, state, selected?.best.innerRate);
    takeShare(model, state, selected?.best.state);
  }
  const runner = await openRunner(model, state, inputs.execution, [
    TRAIN,
    ...(phase === 'select' ? programsToScore(model) : []),
  ]);
  try {
    const stepper = trainStep(model, state, runner, training.clip, resumeFrom?.optimizer);
    let best = resumeFrom?.best ?? selected?.best;
    let epoch = resumeFrom?.epoch ?? 0;
    let scores = resumeFrom?.scores ?? selected?.scores ?? [];
    progress({ kind: 'stage', name: `${phase === 'refit' ? 'refit' : 'train'} ${model.name}` });
    while (
      epoch < epochs &&
      !(phase === 'select' && exhausted(best, epoch, stepper.optimizerState.steps, training))
    ) {
      epoch++;
      // While refitting, those of the epochs when the epoch was chosen: the rate goes the way it went then.
      const place = { phase, roles, epoch, epochs, supports, scores: scores.slice(0, epoch - 1) };
      const loss = await runEpoch(inputs, place, source, stepper);
      let record: EpochRecord = { phase, epoch, loss };
      if (phase === 'select') {
        const found = await validate(inputs, source, runner, state);
        scores = [...scores, found.metrics.score];
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
        scores,
      });
    }
    return { state, best, epochs: epoch, scores };
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

/** Sets the inner rate of a model that has it chosen on validation rows. */
function setInnerRate(model: Model, state: ModelState, rate: number | undefined): void {
  const grid = model.rateGrid;
  if (grid !== undefined && rate !== undefined) state.parameters.get(grid.parameter)!.fill(rate);
}
