// Spreads tiles over worker threads.
import { InternalError } from '../../errors.js';
import { programInputs, toOnnx } from '../../graph/onnx/model.js';
import type { Model } from '../../models/contract/definition.js';
import type { Device } from '../../runtime/executor.js';
import type { Placed } from '../memory/kernel-memory.js';
import type { ModelState } from '../model-state.js';
import type { Tile, TileResult } from '../tiles/tile.js';
import { groupsOf, parameterShapes } from './model-side.js';
import { SharedArena } from './shared-arena.js';
import { STEPS_AT_ONCE, stepRequests } from './step-requests.js';
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
  const { memory } = state;
  const placed = (numbers: ReadonlyMap<string, Float32Array>): ReadonlyMap<string, Placed> =>
    new Map([...numbers].map(([name, floats]) => [name, memory?.place(floats) ?? floats]));
  const start: Omit<WorkerStart, 'party' | 'meeting'> = {
    programs: programs.map(({ key, program }) => ({
      key,
      onnx: toOnnx(program),
      inputs: [...programInputs(program).keys()],
    })),
    device,
    groups: groupsOf(model),
    shapes: parameterShapes(model),
    memory: memory?.memory,
    parameters: placed(state.parameters),
    tables: placed(state.tables),
    side: {
      name: model.name,
      tables: model.tables,
      parameters: model.parameters,
      optimizers: model.optimizers,
    },
  };
  const pool = await workerPool(start, count);
  // Two, so that the next wave can be laid out while the workers are at the present one.
  const arenas = [new SharedArena(), new SharedArena()] as const;
  const requestOf = stepRequests(model, start.groups, memory);
  let underWay = 0;
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
    async step(tiles, learning, moment) {
      if (underWay === STEPS_AT_ONCE)
        throw new InternalError('more steps are begun than there is memory for');
      const { request, results } = requestOf(tiles, learning, moment);
      underWay++;
      try {
        await pool.askAll(request);
        return results.map((result) => result['loss']![0]!);
      } finally {
        underWay--;
      }
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
