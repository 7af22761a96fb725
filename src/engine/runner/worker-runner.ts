// Spreads tiles over worker threads.
import { programInputs, toOnnx } from '../../graph/onnx/model.js';
import type { Model } from '../../models/contract/definition.js';
import type { Device } from '../../runtime/executor.js';
import type { ModelState } from '../model-state.js';
import type { Tile, TileResult } from '../tiles/tile.js';
import type { OptimizerSlots } from '../update/optimizer.js';
import { groupsOf, parameterShapes } from './model-side.js';
import { SharedArena } from './shared-arena.js';
import type { OpenedProgram, TileRunner } from './tile-runner.js';
import type { SharedTiles, WorkerReply, WorkerStart } from './worker-messages.js';
import { workerPool } from './worker-pool.js';

/** Tiles for each worker at once: the memory for them does not grow with the rows of a shard. */
const WAVE = 8;

/** A runner over so many worker threads, each with ONNX Runtime sessions of one thread. */
export async function workerRunner(
  programs: readonly OpenedProgram[],
  model: Model,
  state: ModelState,
  { workers: count, device = 'cpu' }: { readonly workers: number; readonly device?: Device },
): Promise<TileRunner> {
  const start: Omit<WorkerStart, 'share'> = {
    programs: programs.map(({ key, program }) => ({
      key,
      onnx: toOnnx(program),
      inputs: [...programInputs(program).keys()],
    })),
    device,
    groups: groupsOf(model),
    shapes: parameterShapes(model),
    parameters: state.parameters,
    tables: state.tables,
    side: { name: model.name, tables: model.tables, optimizers: model.optimizers },
  };
  const pool = await workerPool(start, count);
  // Two, so that the next wave can be laid out while the workers are at the present one.
  const arenas = [new SharedArena(), new SharedArena()] as const;
  const trained = model.parameters.filter((spec) => spec.trained !== false).map(({ name }) => name);
  let sent: ReadonlyMap<string, OptimizerSlots> | undefined;
  return {
    async run(program, tiles) {
      const source = tiles[Symbol.iterator]();
      const results: TileResult[] = [];
      let wave = nextWave(source, WAVE * count, arenas[0]);
      for (let i = 1; wave.tiles.length > 0; i++) {
        const running = pool.askAll({ kind: 'run', program, ...wave });
        try {
          wave = nextWave(source, WAVE * count, arenas[i % 2 === 0 ? 0 : 1]);
        } finally {
          // Also where a tile cannot be made: the next run must not get this one's answers.
          results.push(...inOrder(await running));
        }
      }
      return results;
    },
    async train(tiles) {
      const [arena] = arenas;
      const wave = nextWave(tiles[Symbol.iterator](), tiles.length, arena);
      const gradients = tiles.map((tile) =>
        Object.fromEntries(
          tile.groups.map(({ input, group, rows }) => [
            input,
            arena.floats(rows.rows * start.groups.get(group)!.width),
          ]),
        ),
      );
      const dense = tiles.map(() =>
        Object.fromEntries(
          trained.map((name) => [`d.${name}`, arena.floats(state.parameters.get(name)!.length)]),
        ),
      );
      const results = inOrder(await pool.askAll({ kind: 'train', gradients, dense, ...wave }));
      return results.map((result, t) => ({ ...result, ...dense[t] }));
    },
    async updateTables(slots, moment) {
      if (model.tables.length === 0) return;
      const known = slots === sent;
      sent = slots;
      await pool.askAll({ kind: 'update', moment, ...(known ? {} : { slots }) });
    },
    close: () => pool.close(),
  };
}

/** At most `most` tiles of the source, in the arena's memory, none of them taken. */
function nextWave(source: Iterator<Tile>, most: number, arena: SharedArena): SharedTiles {
  arena.reset();
  const taken = arena.integers(1).fill(0);
  const tiles: Tile[] = [];
  while (tiles.length < most) {
    const { value, done } = source.next();
    if (done === true) break;
    tiles.push(arena.share(value));
  }
  return { tiles, taken };
}

function inOrder(replies: readonly WorkerReply[]): TileResult[] {
  const results: TileResult[] = [];
  for (const reply of replies)
    if (reply.kind === 'results')
      reply.places.forEach((place, i) => {
        results[place] = reply.results[i]!;
      });
  return results;
}
