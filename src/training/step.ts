// Outer steps: what optimisers remember, counted and kept, and losses that are not finite told.

import type { KernelMemory } from '../engine/memory/kernel-memory.js';
import { floatsIn, type ModelState } from '../engine/model-state.js';
import type { TileRunner } from '../engine/runner/tile-runner.js';
import type { Tile } from '../engine/tiles/tile.js';
import { trainedOf } from '../engine/update/dense-update.js';
import type { Moment, Optimizer, OptimizerSlots, Subject } from '../engine/update/optimizer.js';
import { optimizersOf } from '../engine/update/optimizers.js';
import type { Learning } from '../engine/update/outer-update.js';
import { UserError } from '../errors.js';
import type { Model, ParameterSpec } from '../models/contract/definition.js';

/** What the optimisers remember, by parameter or table name, and how often they have stepped. */
export interface OptimizerState {
  steps: number;
  readonly slots: Map<string, OptimizerSlots>;
}

/** Where in the training a step is taken; how many there were is counted here. */
type Pace = Omit<Moment, 'step'>;

export interface TrainStep {
  /**
   * Runs the tiles of one batch and updates the state; returns the batch's loss. May be called while the step before is under way
   * (see TileRunner). Throws UserError LOSS_NOT_FINITE; `where` is asked then.
   */
  step(tiles: readonly Tile[], where: () => string, pace: Pace): Promise<number>;
  readonly optimizerState: OptimizerState;
}

export function trainStep(
  model: Model,
  state: ModelState,
  runner: TileRunner,
  clip: number,
  resumed?: OptimizerState,
): TrainStep {
  const optimizerOf = optimizersOf(model);
  const optimizerState = resumed ?? { steps: 0, slots: new Map<string, OptimizerSlots>() };
  for (const spec of trainedOf(model.parameters))
    reserve(optimizerState, spec.name, optimizerFor(spec), state.parameters.get(spec.name)!, state.memory);
  for (const table of model.tables)
    reserve(
      optimizerState,
      table.name,
      optimizerOf(table.optimizer, 'table'),
      state.tables.get(table.name)!,
      state.memory,
    );
  const learning: Learning = { slots: optimizerState.slots, clip };

  return {
    optimizerState,
    async step(tiles, where, pace) {
      const losses = await runner.step(tiles, learning, { ...pace, step: ++optimizerState.steps });
      const loss = losses.reduce((total, part) => total + part, 0);
      if (!Number.isFinite(loss)) throw lossFault(loss, losses, tiles, where());
      return loss;
    },
  };

  function optimizerFor({ optimizer = 'default', decay }: ParameterSpec): Optimizer {
    const subject: Subject = decay ? 'weights' : 'plain';
    return optimizerOf(optimizer, subject);
  }
}

/** Slots of a parameter or table, in memory that workers share: those of a checkpoint, or fresh ones. */
function reserve(
  state: OptimizerState,
  name: string,
  optimizer: Optimizer,
  values: Float32Array,
  memory: KernelMemory | undefined,
): void {
  const known = state.slots.get(name);
  const slots = Array.from({ length: optimizer.slots }, () => floatsIn(memory, values.length));
  known?.forEach((slot, i) => {
    slots[i]!.set(slot);
  });
  state.slots.set(name, slots);
}

function lossFault(
  loss: number,
  losses: readonly number[],
  tiles: readonly Tile[],
  where: string,
): UserError {
  const bad = losses.findIndex((part) => !Number.isFinite(part));
  const size = tiles[Math.max(0, bad)]!.tensors['label']!.shape[0];
  return new UserError({
    code: 'LOSS_NOT_FINITE',
    where,
    what: `The loss became ${loss} in a piece of ${size} tasks or rows.`,
    next: 'Lower the learning rate or the inner rate, or take fewer inner steps.',
  });
}
