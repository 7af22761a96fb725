// Spreads tiles over worker threads.
import { Worker } from 'node:worker_threads';
import { InternalError } from '../errors.js';
import { programInputs, toOnnx } from '../graph/onnx/model.js';
import type { Model } from '../models/definition.js';
import type { Program } from '../runtime/executor.js';
import type { ModelState } from './model-state.js';
import { SharedArena } from './shared-arena.js';
import type { Tile, TileResult } from './tile.js';
import { groupsOf, parameterShapes, type TileRunner } from './tile-runner.js';
import type { WorkerReply, WorkerRequest, WorkerStart } from './worker-messages.js';

/** The compiled worker script, also when this module itself runs from TypeScript sources (in tests). */
function workerScript(): URL {
  const here = new URL('./tile-worker.js', import.meta.url);
  return import.meta.url.endsWith('.ts') ? new URL(here.href.replace('/src/', '/dist/src/')) : here;
}

/** Tiles a worker gets at once, so that the memory for them does not grow with the rows of a shard. */
const WAVE = 32;

/** A runner over `count` worker threads, each with ONNX Runtime sessions of one thread. */
export async function workerRunner(
  programs: Readonly<Record<string, Program>>,
  model: Model,
  state: ModelState,
  count: number,
  device: 'cpu' | 'cuda' | 'webgpu' = 'cpu',
): Promise<TileRunner> {
  const start: Omit<WorkerStart, 'share'> = {
    programs: Object.fromEntries(
      Object.entries(programs).map(([name, program]) => [
        name,
        { onnx: toOnnx(program), inputs: [...programInputs(program).keys()] },
      ]),
    ),
    device,
    groups: groupsOf(model),
    shapes: parameterShapes(model),
    parameters: state.parameters,
    tables: state.tables,
    side: { name: model.name, tables: model.tables, optimizers: model.optimizers },
  };
  const workers = Array.from(
    { length: count },
    (_, index) => new Worker(workerScript(), { workerData: { ...start, share: { index, of: count } } }),
  );
  await Promise.all(workers.map((worker) => answer(worker)));
  const ask = (worker: Worker, request: WorkerRequest): Promise<WorkerReply> => {
    worker.postMessage(request);
    return answer(worker);
  };
  const askAll = (request: WorkerRequest): Promise<WorkerReply[]> =>
    Promise.all(workers.map((worker) => ask(worker, request)));
  const arena = new SharedArena();
  return {
    async run(program, tiles) {
      const results: TileResult[] = [];
      for (let start = 0; start < tiles.length; start += WAVE * count) {
        arena.reset();
        const wave = tiles.slice(start, start + WAVE * count).map((tile) => arena.share(tile));
        const answers = await Promise.all(
          share(wave, count).map((part, i) =>
            part.length === 0 ? undefined : ask(workers[i]!, { kind: 'run', program, tiles: part }),
          ),
        );
        const queues = answers.map((reply) => (reply?.kind === 'results' ? [...reply.results] : []));
        wave.forEach((_, i) => {
          results.push(queues[i % count]!.shift()!);
        });
      }
      return results;
    },
    async train(tiles) {
      arena.reset();
      const taken = arena.integers(1).fill(0);
      const shared = tiles.map((tile) => arena.share(tile));
      const gradients = tiles.map((tile) =>
        Object.fromEntries(
          tile.groups.map(({ input, group, rows }) => [
            input,
            arena.floats(rows.rows * start.groups.get(group)!.width),
          ]),
        ),
      );
      const results: TileResult[] = [];
      for (const reply of await askAll({ kind: 'train', tiles: shared, gradients, taken }))
        if (reply.kind === 'trained')
          reply.places.forEach((place, i) => {
            results[place] = reply.results[i]!;
          });
      return results;
    },
    async updateTables(slots, step) {
      if (model.tables.length > 0) await askAll({ kind: 'update', slots, step });
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** Tiles i, i + count, i + 2·count … for worker i: neighbours have like lengths, so the shares have like costs. */
function share(tiles: readonly Tile[], count: number): Tile[][] {
  return Array.from({ length: count }, (_, i) => tiles.filter((_, t) => t % count === i));
}

function answer(worker: Worker): Promise<WorkerReply> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
      act();
    };
    const onMessage = (reply: WorkerReply): void =>
      settle(() =>
        reply.kind === 'failed'
          ? reject(new InternalError(`a worker failed: ${reply.message}\n${reply.stack ?? ''}`))
          : resolve(reply),
      );
    const onError = (error: Error): void => settle(() => reject(error));
    const onExit = (code: number): void =>
      settle(() => reject(new InternalError(`a worker stopped with code ${code}`)));
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
  });
}
