// Runs tiles in the calling thread.
import { InternalError } from '../../errors.js';
import type { Model } from '../../models/contract/definition.js';
import type { CompiledProgram, Device, Executor } from '../../runtime/executor.js';
import { giveBack } from '../../runtime/give-back.js';
import { KernelMemory } from '../memory/kernel-memory.js';
import type { ModelState } from '../model-state.js';
import { entryOf, type ProgramKey, TRAIN } from '../programs/program-key.js';
import { runTile, tileScratch } from '../tiles/run-tile.js';
import type { Tile, TileResult } from '../tiles/tile.js';
import { lengthsOf, trainedOf } from '../update/dense-update.js';
import type { Moment } from '../update/optimizer.js';
import { type Learning, OuterUpdate } from '../update/outer-update.js';
import { alone } from '../update/step-party.js';
import { groupsOf, parameterShapes, parameterTensors } from './model-side.js';
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
  let update: OuterUpdate | undefined;
  let ended = false;
  /** The last step that was begun, settled either way. */
  let last = Promise.resolve();
  const run = async (key: ProgramKey, tiles: Iterable<Tile>): Promise<TileResult[]> => {
    const { compiled } = entryOf(opened, key);
    const parameters = parameterTensors(state.parameters, shapes, copies);
    const results: TileResult[] = [];
    for (const tile of tiles)
      results.push(await runTile(compiled, tile, groups, state.tables, parameters, scratch));
    return results;
  };
  const step = async (
    tiles: readonly Tile[],
    learning: Learning,
    moment: Moment,
  ): Promise<readonly number[]> => {
    if (ended) throw new InternalError('an earlier step was not taken');
    const results = await run(TRAIN, tiles);
    update ??= new OuterUpdate(
      model,
      groups,
      alone(lengthsOf(trainedOf(model.parameters))),
      state.memory ?? new KernelMemory(),
    );
    ended = !update.apply(tiles, results, state, learning, moment);
    const losses = results.map((result) => result['loss']![0]!);
    for (const result of results) giveBack(Object.values(result));
    return losses;
  };
  return {
    run,
    step(tiles, learning, moment) {
      const taken = last.then(() => step(tiles, learning, moment));
      last = taken.then(
        () => undefined,
        () => undefined,
      );
      return taken;
    },
    async close() {
      await last;
      for (const { compiled } of opened) await compiled.dispose();
    },
  };
}
