// A worker thread that runs tiles through ONNX Runtime sessions of its own, one thread each, and takes its share of outer steps.
import { parentPort, workerData } from 'node:worker_threads';
import { UserError } from '../../errors.js';
import type { CompiledProgram } from '../../runtime/executor.js';
import { giveBack } from '../../runtime/give-back.js';
import { loadSession } from '../../runtime/onnxruntime.js';
import { KernelMemory, type Placed } from '../memory/kernel-memory.js';
import { entryOf, type ProgramKey, TRAIN } from '../programs/program-key.js';
import { runTile, tileScratch } from '../tiles/run-tile.js';
import type { Tile, TileResult } from '../tiles/tile.js';
import { type Learning, OuterUpdate } from '../update/outer-update.js';
import { goOn, meet, Stopped, stopMeeting } from './meeting.js';
import { parameterTensors } from './model-side.js';
import type {
  NumberedReply,
  SharedTiles,
  WorkerReply,
  WorkerRequest,
  WorkerStart,
} from './worker-messages.js';

const start = workerData as WorkerStart;
const port = parentPort!;
const answer = (number: number, reply: WorkerReply): void =>
  port.postMessage({ number, reply } satisfies NumberedReply);

const memory = new KernelMemory(start.memory);
const found = (placed: ReadonlyMap<string, Placed>): Map<string, Float32Array> =>
  new Map([...placed].map(([name, floats]) => [name, memory.find(floats)]));
const numbers = { parameters: found(start.parameters), tables: found(start.tables) };
const scratch = tileScratch();
const copies = new Map<string, Float32Array>();
const sessions: { readonly key: ProgramKey; readonly session: CompiledProgram }[] = [];
try {
  for (const { key, onnx, inputs } of start.programs)
    sessions.push({ key, session: await loadSession(onnx, inputs, { device: start.device }) });
  answer(0, { kind: 'ready' });
} catch (error) {
  answer(0, failure(error));
}

const meetAll = (): void => meet(start.meeting, start.party.share.of);
let update: OuterUpdate | undefined;
let learning: Learning | undefined;
/** By place, the steps that were laid out last. */
const laidOut: (SharedTiles & { readonly results: readonly TileResult[] })[] = [];
/** A loss was not finite: steps that are already asked for are not taken. */
let ended = false;

/** Runs the tiles that this worker gets hold of. */
async function runTaken(
  program: ProgramKey,
  { tiles, taken }: SharedTiles,
  take: (result: TileResult, place: number) => void,
): Promise<void> {
  const parameters = parameterTensors(numbers.parameters, start.shapes, copies);
  const { session } = entryOf(sessions, program);
  for (let t = Atomics.add(taken, 0, 1); t < tiles.length; t = Atomics.add(taken, 0, 1)) {
    goOn(start.meeting);
    take(await runTile(session, tiles[t]!, start.groups, numbers.tables, parameters, scratch), t);
  }
}

const foundResult = (placed: Readonly<Record<string, Placed>>): TileResult =>
  Object.fromEntries(Object.entries(placed).map(([output, floats]) => [output, memory.find(floats)]));

const withDropout = (tile: Tile, dropout: Tile['dropout']): Tile =>
  dropout === undefined ? tile : { ...tile, dropout };

async function run(request: Extract<WorkerRequest, { kind: 'run' }>): Promise<WorkerReply> {
  const places: number[] = [];
  const results: TileResult[] = [];
  await runTaken(request.program, request, (result, place) => {
    places.push(place);
    results.push(result);
  });
  return { kind: 'results', places, results };
}

async function step(request: Extract<WorkerRequest, { kind: 'step' }>): Promise<WorkerReply> {
  if (ended) return { kind: 'stopped' };
  if (request.laidOut !== undefined) {
    const { tiles, taken, results } = request.laidOut;
    laidOut[request.place] = { tiles, taken, results: results.map(foundResult) };
  }
  const { taken, results, ...held } = laidOut[request.place]!;
  const tiles = held.tiles.map((tile, t) => withDropout(tile, request.dropout[t]));
  await runTaken(TRAIN, { tiles, taken }, (result, t) => {
    for (const [output, floats] of Object.entries(results[t]!)) floats.set(result[output]!);
    giveBack(Object.values(result));
  });
  update ??= new OuterUpdate(start.side, start.groups, { ...start.party, meet: meetAll }, memory);
  if (request.learning !== undefined) {
    const { slots, ...rest } = request.learning;
    const lists = [...slots].map(([name, of]) => [name, of.map((placed) => memory.find(placed))] as const);
    learning = { ...rest, slots: new Map(lists) };
  }
  meetAll();
  ended = !update.apply(tiles, results, numbers, learning!, request.moment);
  // The next step reads what all of them moved.
  meetAll();
  return { kind: 'stepped' };
}

/** Of one request at a time, in their order: while one waits for the runtime, the next may arrive. */
let answered = Promise.resolve();
let received = 0;
port.on('message', (request: WorkerRequest) => {
  const number = ++received;
  answered = answered.then(async () => {
    try {
      const reply = request.kind === 'run' ? await run(request) : await step(request);
      // That all have taken a step the first of them says.
      if (reply.kind !== 'stepped' || start.party.share.index === 0) answer(number, reply);
    } catch (error) {
      // Nobody is to wait for this one.
      if (request.kind === 'step') stopMeeting(start.meeting);
      answer(number, failure(error));
    }
  });
});

function failure(error: unknown): WorkerReply {
  if (error instanceof Stopped) return { kind: 'stopped' };
  if (error instanceof UserError) {
    const { code, where, what, next } = error;
    const parts = {
      code,
      what,
      ...(where === undefined ? {} : { where }),
      ...(next === undefined ? {} : { next }),
    };
    return { kind: 'refused', parts };
  }
  const { message, stack } = error as Error;
  return { kind: 'failed', message, stack };
}
