// One outer step: tiles through the model, gradients summed in tile order, optimisers applied.
import { InternalError, UserError } from '../errors.js';
import type { Model, ParameterSpec } from '../models/definition.js';
import { scatterGroup } from './encode-group.js';
import type { ModelState } from './model-state.js';
import { makeOptimizer, type Optimizer, type OptimizerSlots } from './optimizers.js';
import { TableGradient } from './table-gradient.js';
import type { Tile, TileResult } from './tile.js';
import { groupsOf, type TileRunner } from './tile-runner.js';

/** What the optimisers remember, by parameter or table name, and how often they have stepped. */
export interface OptimizerState {
  steps: number;
  readonly slots: Map<string, OptimizerSlots>;
}

export interface TrainStep {
  /** Runs the tiles of one batch and updates the state; returns the batch's loss. */
  step(tiles: readonly Tile[], where: () => string): Promise<number>;
  readonly optimizerState: OptimizerState;
}

export function trainStep(
  model: Model,
  state: ModelState,
  runner: TileRunner,
  clip: number,
  resumed?: OptimizerState,
): TrainStep {
  const groups = groupsOf(model);
  const trained = model.parameters.filter((spec) => spec.trained !== false);
  const optimizers = new Map<string, Optimizer>(
    Object.entries(model.optimizers).map(([name, options]) => [name, makeOptimizer(options)]),
  );
  const optimizerOf = (key: string): Optimizer => {
    const found = optimizers.get(key);
    if (found === undefined) throw new InternalError(`model ${model.name} has no optimizer "${key}"`);
    return found;
  };
  const optimizerState = resumed ?? { steps: 0, slots: new Map<string, OptimizerSlots>() };
  for (const spec of trained)
    reserve(
      optimizerState,
      spec.name,
      optimizerOf(spec.optimizer ?? 'default'),
      state.parameters.get(spec.name)!,
    );
  for (const table of model.tables)
    reserve(optimizerState, table.name, optimizerOf(table.optimizer), state.tables.get(table.name)!);
  const dense = new Map(
    trained.map(({ name }) => [name, new Float32Array(state.parameters.get(name)!.length)]),
  );
  const sparse = new Map(model.tables.map(({ name, rows, dim }) => [name, new TableGradient(rows, dim)]));

  return {
    optimizerState,
    async step(tiles, where) {
      const results = await runner.run('train', tiles);
      const loss = results.reduce((total, result) => total + result['loss']![0]!, 0);
      if (!Number.isFinite(loss)) throw lossFault(loss, results, tiles, where());
      for (const gradient of dense.values()) gradient.fill(0);
      for (const gradient of sparse.values()) gradient.clear();
      results.forEach((result, t) => {
        for (const [name, gradient] of dense) addInto(gradient, result[`d.${name}`]!);
        for (const { input, group, rows } of tiles[t]!.groups)
          scatterGroup(groups.get(group)!, rows, result[`d.${input}`]!, sparse);
      });
      clipNorm(dense, clip);
      optimizerState.steps++;
      for (const spec of trained) updateParameter(spec, dense.get(spec.name)!);
      for (const table of model.tables) updateTable(table.name, table.optimizer);
      return loss;
    },
  };

  function updateParameter(spec: ParameterSpec, gradient: Float32Array): void {
    const key = spec.optimizer ?? 'default';
    const values = state.parameters.get(spec.name)!;
    const decay = spec.decay ? model.optimizers[key]!.weightDecay : 0;
    const slots = optimizerState.slots.get(spec.name)!;
    optimizerOf(key).update(values, 0, values.length, gradient, 0, slots, optimizerState.steps, decay);
  }

  function updateTable(name: string, key: string): void {
    const optimizer = optimizerOf(key);
    const values = state.tables.get(name)!;
    const slots = optimizerState.slots.get(name)!;
    const { weightDecay } = model.optimizers[key]!;
    const { dim, touched, count, values: gradient } = sparse.get(name)!;
    for (let i = 0; i < count; i++)
      optimizer.update(
        values,
        touched[i]! * dim,
        dim,
        gradient,
        i * dim,
        slots,
        optimizerState.steps,
        weightDecay,
      );
  }
}

function reserve(state: OptimizerState, name: string, optimizer: Optimizer, values: Float32Array): void {
  if (state.slots.has(name)) return;
  state.slots.set(
    name,
    Array.from({ length: optimizer.slots }, () => new Float32Array(values.length)),
  );
}

function addInto(total: Float32Array, more: Float32Array): void {
  for (let i = 0; i < total.length; i++) total[i]! += more[i]!;
}

/** Scales all gradients down together when their joint norm exceeds `limit`. */
function clipNorm(gradients: ReadonlyMap<string, Float32Array>, limit: number): void {
  let squares = 0;
  for (const gradient of gradients.values()) for (const g of gradient) squares += g * g;
  const norm = Math.sqrt(squares);
  if (norm <= limit) return;
  for (const gradient of gradients.values())
    for (let i = 0; i < gradient.length; i++) gradient[i]! *= limit / norm;
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
