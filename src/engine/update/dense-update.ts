// The optimiser step of dense parameters: gradients summed over the tiles, clipped by their joint norm, and the running averages.
import type { Model, ParameterSpec } from '../../models/contract/definition.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import type { TileResult } from '../tiles/tile.js';
import { denseSums } from './dense-sums.js';
import type { Moment, OptimizerSlots } from './optimizer.js';
import { optimizersOf } from './optimizers.js';
import { followAverages } from './running-averages.js';
import { sharedOut } from './shared-out.js';
import type { StepParty } from './step-party.js';
import { jointNorm, scaleDown, surelyWithin } from './transforms/clip-norm.js';

/** The parts of a model that the update of its dense parameters needs; plain data. */
export type DenseSide = Pick<Model, 'name' | 'parameters' | 'optimizers'>;

/** Parameters that an optimiser moves. */
export const trainedOf = (parameters: readonly ParameterSpec[]): ParameterSpec[] =>
  parameters.filter((spec) => spec.trained !== false);

const sizeOf = ({ shape }: ParameterSpec): number => shape.reduce((product, size) => product * size, 1);

/** How many values each of them has, by name. */
export const lengthsOf = (parameters: readonly ParameterSpec[]): ReadonlyMap<string, number> =>
  new Map(parameters.map((spec) => [spec.name, sizeOf(spec)]));

/**
 * Updates a share of the dense parameters, whole ones. Each is summed and moved alone, and the norm is one of squares added in the
 * model's order, so how parameters are shared out never changes a byte.
 */
export class DenseUpdate {
  private readonly own: readonly ParameterSpec[];
  private readonly trained: readonly ParameterSpec[];
  private readonly dense: ReturnType<typeof denseSums>;
  private readonly optimizerOf: ReturnType<typeof optimizersOf>;
  private readonly party: StepParty;

  constructor(side: DenseSide, party: StepParty, memory: KernelMemory) {
    this.own = sharedOut(side.parameters, sizeOf, party.share);
    this.trained = trainedOf(this.own);
    this.dense = denseSums(lengthsOf(this.trained), memory);
    this.optimizerOf = optimizersOf(side, memory);
    this.party = party;
  }

  /** Sums the gradients of the own parameters, and tells the others their squares. */
  sum(results: readonly TileResult[]): void {
    const { squares, share } = this.party;
    this.dense.add(results);
    squares[share.index] = this.dense.squares();
  }

  /** When all have summed theirs: moves the own parameters by the sums, clipped. */
  apply(
    results: readonly TileResult[],
    values: ReadonlyMap<string, Float32Array>,
    slots: ReadonlyMap<string, OptimizerSlots>,
    clip: number,
    moment: Moment,
  ): void {
    this.clip(clip);
    for (const { name, optimizer = 'default', decay } of this.trained) {
      const moved = values.get(name)!;
      const gradient = this.dense.sums.get(name)!;
      const rule = this.optimizerOf(optimizer, decay ? 'weights' : 'plain');
      rule.update(moved, 0, moved.length, gradient, 0, slots.get(name)!, moment);
    }
    followAverages(this.own, values, results, moment.step);
  }

  private clip(limit: number): void {
    const { squares, sums, meet } = this.party;
    // All see the same squares, so that all meet again or none does.
    if (
      surelyWithin(
        squares.reduce((total, part) => total + part, 0),
        limit,
      )
    )
      return;
    for (const [name, sum] of this.dense.sums) sums.get(name)!.set(sum);
    meet();
    scaleDown(this.dense.sums, jointNorm(sums), limit);
  }
}
