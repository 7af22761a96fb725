// Runs tiles in the calling thread.
import type { Model } from '../../models/contract/definition.js';
import type { CompiledProgram, Device, Executor } from '../../runtime/executor.js';
import { giveBack } from '../../runtime/give-back.js';
import type { ModelState } from '../model-state.js';
import { entryOf, type ProgramKey, TRAIN } from '../programs/program-key.js';
import { runTile, tileScratch } from '../tiles/run-tile.js';
import type { Tile, TileResult } from '../tiles/tile.js';
import type { RowGradients } from '../update/row-sums.js';
import { TableUpdate } from '../update/table-update.js';
import { groupsOf, parameterShapes, parameterTensors, rowGradients } from './model-side.js';
import type { OpenedProgram, TileRunner } from './tile-runner.js';

/** Runs everything in the calling thread. */
export async function inlineRunner(
  executor: Executor,
  programs: readonly OpenedProgram[],
  model: Model,
  state: ModelState,
  device: Device = 'cpu',
): Promise<TileRunner> {
  const opened: { readonly key: ProgramKey; readonly compiled: CompiledProgram }[] = [];
  for (const { key, program } of programs)
    opened.push({ key, compiled: await executor.compile(program, { device }) });
  const groups = groupsOf(model);
  const scratch = tileScratch();
  const copies = new Map<string, Float32Array>();
  const shapes = parameterShapes(model);
  let update: TableUpdate | undefined;
  let last: { readonly tiles: readonly Tile[]; readonly gradients: readonly RowGradients[] } | undefined;
  /** Results of the last training step, which hold until the next. */
  let given: readonly TileResult[] = [];
  const run = async (key: ProgramKey, tiles: Iterable<Tile>): Promise<TileResult[]> => {
    const { compiled } = entryOf(opened, key);
    const parameters = parameterTensors(state.parameters, shapes, copies);
    const results: TileResult[] = [];
    for (const tile of tiles)
      results.push(await runTile(compiled, tile, groups, state.tables, parameters, scratch));
    return results;
  };
  return {
    run,
    async train(tiles) {
      for (const result of given) giveBack(Object.values(result));
      given = [];
      const results = await run(TRAIN, tiles);
      given = results;
      last = { tiles, gradients: results.map((result, t) => rowGradients(tiles[t]!, result)) };
      return results;
    },
    async updateTables(slots, moment) {
      update ??= new TableUpdate(model, groups);
      update.apply(last!.tiles, last!.gradients, state.tables, slots, moment);
      last = undefined;
    },
    async close() {
      for (const { compiled } of opened) await compiled.dispose();
    },
  };
}
