// One outer step: tiles through the model, gradients summed in tile order, optimisers applied.

import { type ModelState, shared, sharedFloats } from '../engine/model-state.js';
import type { TileRunner } from '../engine/runner/tile-runner.js';
import type { Tile, TileResult } from '../engine/tiles/tile.js';
import { denseSums } from '../engine/update/dense-sums.js';
import type { Moment, Optimizer, OptimizerSlots, Subject } from '../engine/update/optimizer.js';
import { optimizersOf } from '../engine/update/optimizers.js';
import { clipNorm } from '../engine/update/transforms/clip-norm.js';
import { UserError } from '../errors.js';
import type { Model, ParameterSpec } from '../models/contract/definition.js';
import { followAverages } from './running-averages.js';

/** What the optimisers remember, by parameter or table name, and how often they have stepped. */
export interface OptimizerState {
  steps: number;
  readonly slots: Map<string, OptimizerSlots>;
}

/** Where in the training a step is taken; how many there were is counted here. */
type Pace = Omit<Moment, 'step'>;

export interface TrainStep {
  /** Runs the tiles of one batch and updates the state; returns the batch's loss. */
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
  const trained = model.parameters.filter((spec) => spec.trained !== false);
  const optimizerOf = optimizersOf(model);
  const optimizerState = resumed ?? { steps: 0, slots: new Map<string, OptimizerSlots>() };
  for (const spec of trained)
    reserve(optimizerState, spec.name, optimizerFor(spec), state.parameters.get(spec.name)!);
  for (const table of model.tables)
    reserve(optimizerState, table.name, optimizerOf(table.optimizer, 'table'), state.tables.get(table.name)!);
  const tableSlots = new Map(model.tables.map(({ name }) => [name, optimizerState.slots.get(name)!]));
  const dense = denseSums(new Map(trained.map(({ name }) => [name, state.parameters.get(name)!.length])));

  return {
    optimizerState,
    async step(tiles, where, pace) {
      const results = await runner.train(tiles);
      const loss = results.reduce((total, result) => total + result['loss']![0]!, 0);
      if (!Number.isFinite(loss)) throw lossFault(loss, results, tiles, where());
      const moment = { ...pace, step: ++optimizerState.steps };
      // Workers update the tables while this thread updates the dense parameters.
      const tables = runner.updateTables(tableSlots, moment);
      dense.add(results);
      clipNorm(dense.sums, clip);
      for (const spec of trained) updateParameter(spec, dense.sums.get(spec.name)!, moment);
      followAverages(model.parameters, state, results, moment.step);
      await tables;
      return loss;
    },
  };

  function updateParameter(spec: ParameterSpec, gradient: Float32Array, moment: Moment): void {
    const values = state.parameters.get(spec.name)!;
    const slots = optimizerState.slots.get(spec.name)!;
    optimizerFor(spec).update(values, 0, values.length, gradient, 0, slots, moment);
  }

  function optimizerFor({ optimizer = 'default', decay }: ParameterSpec): Optimizer {
    const subject: Subject = decay ? 'weights' : 'plain';
    return optimizerOf(optimizer, subject);
  }
}

/** Slots of a parameter or table, in shared memory: those of a checkpoint, or fresh ones. */
function reserve(state: OptimizerState, name: string, optimizer: Optimizer, values: Float32Array): void {
  const known = state.slots.get(name);
  if (known !== undefined) {
    state.slots.set(name, known.map(shared));
    return;
  }
  state.slots.set(
    name,
    Array.from({ length: optimizer.slots }, () => sharedFloats(values.length)),
  );
}

function lossFault(
  loss: number,
  results: readonly TileResult[],
  tiles: readonly Tile[],
  where: string,
): UserError {
  const bad = results.findIndex((result) => !Number.isFinite(result['loss']![0]!));
  const size = tiles[Math.max(0, bad)]!.tensors['label']!.shape[0];
  return new UserError({
    code: 'LOSS_NOT_FINITE',
    where,
    what: `The loss became ${loss} in a piece of ${size} tasks or rows.`,
    next: 'Lower the learning rate or the inner rate, or take fewer inner steps.',
  });
}
