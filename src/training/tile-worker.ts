// A worker thread that runs tiles through ONNX Runtime sessions of its own, one thread each.
import { parentPort, workerData } from 'node:worker_threads';
import type { CompiledProgram } from '../runtime/executor.js';
import { loadSession } from '../runtime/onnxruntime.js';
import { runTile, type TileResult, type TileScratch } from './tile.js';
import { parameterTensors } from './tile-runner.js';
import type { WorkerReply, WorkerRequest, WorkerStart } from './worker-messages.js';

const start = workerData as WorkerStart;
const port = parentPort!;
const reply = (message: WorkerReply): void => port.postMessage(message);

const scratch: TileScratch = new Map();
const sessions = new Map<string, CompiledProgram>();
try {
  for (const [name, { onnx, inputs }] of Object.entries(start.programs))
    sessions.set(name, await loadSession(onnx, inputs, { device: start.device }));
  reply({ kind: 'ready' });
} catch (error) {
  fail(error);
}

port.on('message', async ({ program, tiles }: WorkerRequest) => {
  try {
    const parameters = parameterTensors(start.parameters, start.shapes);
    const results: TileResult[] = [];
    for (const tile of tiles)
      results.push(
        await runTile(sessions.get(program)!, tile, start.groups, start.tables, parameters, scratch),
      );
    reply({ kind: 'results', results });
  } catch (error) {
    fail(error);
  }
});

function fail(error: unknown): void {
  const { message, stack } = error as Error;
  reply({ kind: 'failed', message, stack });
}
