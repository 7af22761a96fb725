// Runs the tiles of a batch, in this thread or spread over worker threads. Results come back in tile order, and every
// tile is summed by the caller in that order: the number of workers never changes a byte of the outcome.
import type { Model } from '../../models/definition.js';
import type { FieldGroup } from '../../models/fields.js';
import type { CompiledProgram, Executor, Program, Tensor } from '../../runtime/executor.js';
import type { ModelState } from '../model-state.js';
import { runTile, type Tile, type TileResult, tileScratch } from '../tile.js';
import type { OptimizerSlots } from '../update/optimizers.js';
import { type RowGradients, TableUpdate } from '../update/table-update.js';

export interface TileRunner {
  /**
   * Runs the tiles through the named program with the state's present values. Tiles that are made as they are asked for
   * are made while earlier ones run.
   */
  run(program: string, tiles: Iterable<Tile>): Promise<TileResult[]>;
  /**
   * Runs the tiles of one outer step through the program `train`: `loss` and `d.<parameter>` of each. Gradients by
   * encoded rows stay where they were computed, for `updateTables`.
   */
  train(tiles: readonly Tile[]): Promise<TileResult[]>;
  /** Updates the tables' rows that the tiles of the last `train` touched. `step` counts from 1. */
  updateTables(slots: ReadonlyMap<string, OptimizerSlots>, step: number): Promise<void>;
  close(): Promise<void>;
}

/** The parts of a model that running tiles needs. */
export function groupsOf(model: Model): Map<string, FieldGroup> {
  return new Map([...model.taskGroups, ...model.rowGroups].map((group) => [group.name, group]));
}

/** Shapes of the dense parameters by name. */
export function parameterShapes(model: Model): Record<string, readonly number[]> {
  return Object.fromEntries(model.parameters.map(({ name, shape }) => [name, shape]));
}

/** Dense parameters as tensors, copied out of shared memory, which the runtime does not take. */
export function parameterTensors(
  parameters: ReadonlyMap<string, Float32Array>,
  shapes: Readonly<Record<string, readonly number[]>>,
): Record<string, Tensor> {
  const tensors: Record<string, Tensor> = {};
  for (const [name, values] of parameters)
    tensors[name] = { data: new Float32Array(values), shape: shapes[name]! };
  return tensors;
}

/** Of a training tile's results the gradients by encoded rows, by graph input. */
export function rowGradients(tile: Tile, result: TileResult): RowGradients {
  return Object.fromEntries(tile.groups.map(({ input }) => [input, result[`d.${input}`]!]));
}

/** Runs everything in the calling thread. */
export async function inlineRunner(
  executor: Executor,
  programs: Readonly<Record<string, Program>>,
  model: Model,
  state: ModelState,
  device: 'cpu' | 'cuda' | 'webgpu' = 'cpu',
): Promise<TileRunner> {
  const compiled = new Map<string, CompiledProgram>();
  for (const [name, program] of Object.entries(programs))
    compiled.set(name, await executor.compile(program, { device }));
  const groups = groupsOf(model);
  const scratch = tileScratch();
  const shapes = parameterShapes(model);
  let update: TableUpdate | undefined;
  let last: { readonly tiles: readonly Tile[]; readonly gradients: readonly RowGradients[] } | undefined;
  const run = async (name: string, tiles: Iterable<Tile>): Promise<TileResult[]> => {
    const parameters = parameterTensors(state.parameters, shapes);
    const results: TileResult[] = [];
    for (const tile of tiles)
      results.push(await runTile(compiled.get(name)!, tile, groups, state.tables, parameters, scratch));
    return results;
  };
  return {
    run,
    async train(tiles) {
      const results = await run('train', tiles);
      last = { tiles, gradients: results.map((result, t) => rowGradients(tiles[t]!, result)) };
      return results;
    },
    async updateTables(slots, step) {
      update ??= new TableUpdate(model, groups);
      update.apply(last!.tiles, last!.gradients, state.tables, slots, step);
      last = undefined;
    },
    async close() {
      for (const program of compiled.values()) await program.dispose();
    },
  };
}
