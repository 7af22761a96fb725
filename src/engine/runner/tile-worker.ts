// A worker thread that runs tiles through ONNX Runtime sessions of its own, one thread each.
import { parentPort, workerData } from 'node:worker_threads';
import { UserError } from '../../errors.js';
import type { CompiledProgram } from '../../runtime/executor.js';
import { giveBack } from '../../runtime/give-back.js';
import { loadSession } from '../../runtime/onnxruntime.js';
import { entryOf, type ProgramKey, TRAIN } from '../programs/program-key.js';
import { runTile, tileScratch } from '../tiles/run-tile.js';
import type { TileResult } from '../tiles/tile.js';
import type { OptimizerSlots } from '../update/optimizer.js';
import { TableUpdate } from '../update/table-update.js';
import { parameterTensors } from './model-side.js';
import type { SharedTiles, WorkerReply, WorkerRequest, WorkerStart } from './worker-messages.js';

const start = workerData as WorkerStart;
const port = parentPort!;
const reply = (message: WorkerReply): void => port.postMessage(message);

const scratch = tileScratch();
const copies = new Map<string, Float32Array>();
const sessions: { readonly key: ProgramKey; readonly session: CompiledProgram }[] = [];
try {
  for (const { key, onnx, inputs } of start.programs)
    sessions.push({ key, session: await loadSession(onnx, inputs, { device: start.device }) });
  reply({ kind: 'ready' });
} catch (error) {
  fail(error);
}

type TrainRequest = Extract<WorkerRequest, { kind: 'train' }>;

let update: TableUpdate | undefined;
let last: TrainRequest | undefined;
let slots: ReadonlyMap<string, OptimizerSlots> | undefined;

/** Runs the tiles that this worker gets hold of; `keep` gives what is sent back of a result. */
async function runTaken(
  program: ProgramKey,
  { tiles, taken }: SharedTiles,
  keep: (result: TileResult, place: number) => TileResult,
): Promise<WorkerReply> {
  const parameters = parameterTensors(start.parameters, start.shapes, copies);
  const { session } = entryOf(sessions, program);
  const places: number[] = [];
  const results: TileResult[] = [];
  for (let t = Atomics.add(taken, 0, 1); t < tiles.length; t = Atomics.add(taken, 0, 1)) {
    const result = await runTile(session, tiles[t]!, start.groups, start.tables, parameters, scratch);
    places.push(t);
    results.push(keep(result, t));
  }
  return { kind: 'results', places, results };
}

function train(request: TrainRequest): Promise<WorkerReply> {
  last = request;
  return runTaken(TRAIN, request, (result, t) => {
    const rest: Record<string, Float32Array> = { ...result };
    const moved: Float32Array[] = [];
    const move = (output: string, memory: Float32Array): void => {
      const values = rest[output]!;
      memory.set(values);
      moved.push(values);
      delete rest[output];
    };
    for (const [input, memory] of Object.entries(request.gradients[t]!)) move(`d.${input}`, memory);
    for (const [output, memory] of Object.entries(request.dense[t]!)) move(output, memory);
    giveBack(moved);
    return rest;
  });
}

function updateTables(request: Extract<WorkerRequest, { kind: 'update' }>): WorkerReply {
  update ??= new TableUpdate(start.side, start.groups, start.share);
  slots = request.slots ?? slots;
  update.apply(last!.tiles, last!.gradients, start.tables, slots!, request.moment);
  last = undefined;
  return { kind: 'updated' };
}

port.on('message', async (request: WorkerRequest) => {
  try {
    if (request.kind === 'run') reply(await runTaken(request.program, request, (result) => result));
    else if (request.kind === 'train') reply(await train(request));
    else reply(updateTables(request));
  } catch (error) {
    fail(error);
  }
});

function fail(error: unknown): void {
  if (error instanceof UserError) {
    const { code, where, what, next } = error;
    const parts = {
      code,
      what,
      ...(where === undefined ? {} : { where }),
      ...(next === undefined ? {} : { next }),
    };
    reply({ kind: 'refused', parts });
    return;
  }
  const { message, stack } = error as Error;
  reply({ kind: 'failed', message, stack });
}
