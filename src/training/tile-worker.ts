// A worker thread that runs tiles through ONNX Runtime sessions of its own, one thread each.
import { parentPort, workerData } from 'node:worker_threads';
import type { CompiledProgram } from '../runtime/executor.js';
import { loadSession } from '../runtime/onnxruntime.js';
import { TableUpdate } from './table-update.js';
import { runTile, type Tile, type TileResult, tileScratch } from './tile.js';
import { parameterTensors } from './tile-runner.js';
import type { WorkerReply, WorkerRequest, WorkerStart } from './worker-messages.js';

const start = workerData as WorkerStart;
const port = parentPort!;
const reply = (message: WorkerReply): void => port.postMessage(message);

const scratch = tileScratch();
const sessions = new Map<string, CompiledProgram>();
try {
  for (const [name, { onnx, inputs }] of Object.entries(start.programs))
    sessions.set(name, await loadSession(onnx, inputs, { device: start.device }));
  reply({ kind: 'ready' });
} catch (error) {
  fail(error);
}

type TrainRequest = Extract<WorkerRequest, { kind: 'train' }>;

let update: TableUpdate | undefined;
let last: TrainRequest | undefined;

async function runAll(program: string, tiles: readonly Tile[]): Promise<WorkerReply> {
  const parameters = parameterTensors(start.parameters, start.shapes);
  const results: TileResult[] = [];
  for (const tile of tiles)
    results.push(
      await runTile(sessions.get(program)!, tile, start.groups, start.tables, parameters, scratch),
    );
  return { kind: 'results', results };
}

async function train(request: TrainRequest): Promise<WorkerReply> {
  const { tiles, gradients, taken } = request;
  last = request;
  const parameters = parameterTensors(start.parameters, start.shapes);
  const places: number[] = [];
  const results: TileResult[] = [];
  for (let t = Atomics.add(taken, 0, 1); t < tiles.length; t = Atomics.add(taken, 0, 1)) {
    const tile = tiles[t]!;
    const result = await runTile(
      sessions.get('train')!,
      tile,
      start.groups,
      start.tables,
      parameters,
      scratch,
    );
    const rest: Record<string, Float32Array> = { ...result };
    for (const { input } of tile.groups) {
      gradients[t]![input]!.set(result[`d.${input}`]!);
      delete rest[`d.${input}`];
    }
    places.push(t);
    results.push(rest);
  }
  return { kind: 'trained', places, results };
}

function updateTables({ slots, step }: Extract<WorkerRequest, { kind: 'update' }>): WorkerReply {
  update ??= new TableUpdate(start.side, start.groups, start.share);
  update.apply(last!.tiles, last!.gradients, start.tables, slots, step);
  last = undefined;
  return { kind: 'updated' };
}

port.on('message', async (request: WorkerRequest) => {
  try {
    if (request.kind === 'run') reply(await runAll(request.program, request.tiles));
    else if (request.kind === 'train') reply(await train(request));
    else reply(updateTables(request));
  } catch (error) {
    fail(error);
  }
});

function fail(error: unknown): void {
  const { message, stack } = error as Error;
  reply({ kind: 'failed', message, stack });
}
