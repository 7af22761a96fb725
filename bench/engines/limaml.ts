// Our engine as a benchmark process: node limaml.js --folder F --threads N [--variant V] [--device D].
import { parseArgs } from 'node:util';
import type { Device } from '../../src/runtime/executor.js';
import { onnxruntimeVersion } from '../../src/runtime/onnxruntime.js';
import { readWorkload, type Workload } from '../workloads/arrays.js';
import { adaptDenseEngine, trainDenseEngine } from './limaml-dense.js';
import { replayEngine } from './limaml-replay.js';
import { trainRowsEngine } from './limaml-rows.js';
import { scoreEngine } from './limaml-score.js';
import { adaptSparseEngine, trainSparseEngine } from './limaml-sparse.js';
import { type BenchEngine, serve } from './serve.js';

type Opened = (workload: Workload, workers: number, device: Device) => Promise<BenchEngine>;

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    threads: { type: 'string' },
    variant: { type: 'string' },
    device: { type: 'string', default: 'cpu' },
  },
});

const engines: Readonly<Record<string, Opened>> = {
  'meta-dense': trainDenseEngine,
  'meta-sparse': trainSparseEngine,
  'adapt-dense': adaptDenseEngine,
  'adapt-sparse': adaptSparseEngine,
  score: scoreEngine,
  'rows-small': trainRowsEngine,
  'rows-large': trainRowsEngine,
  replay: (workload, workers, device) =>
    replayEngine(workload, workers, { pairs: values.variant === 'pairs', device }),
};

const threads = Number(values.threads);
const device = values.device as Device;
const workload = readWorkload(values.folder!);
// One thread is the main thread itself; more are worker threads, as `execution.workers` has it.
const engine = await engines[workload.kind]!(workload, threads > 1 ? threads : 0, device);
await serve(
  { engine: 'limaml', version: `onnxruntime ${onnxruntimeVersion}`, setting: workload.setting },
  { threads, device },
  engine,
);
