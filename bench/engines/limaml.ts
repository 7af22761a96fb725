// Our engine as a benchmark process: node limaml.js --folder F --threads N [--variant V].
import { parseArgs } from 'node:util';
import { onnxruntimeVersion } from '../../src/runtime/onnxruntime.js';
import { readWorkload, type Workload } from '../workloads/arrays.js';
import { adaptDenseEngine, trainDenseEngine } from './limaml-dense.js';
import { replayEngine } from './limaml-replay.js';
import { trainRowsEngine } from './limaml-rows.js';
import { scoreEngine } from './limaml-score.js';
import { adaptSparseEngine, trainSparseEngine } from './limaml-sparse.js';
import { type BenchEngine, serve } from './serve.js';

const engines: Readonly<
  Record<string, (workload: Workload, workers: number, variant: string | undefined) => Promise<BenchEngine>>
> = {
  'meta-dense': trainDenseEngine,
  'meta-sparse': trainSparseEngine,
  'adapt-dense': adaptDenseEngine,
  'adapt-sparse': adaptSparseEngine,
  score: scoreEngine,
  'rows-small': trainRowsEngine,
  'rows-large': trainRowsEngine,
  replay: (workload, workers, variant) => replayEngine(workload, workers, { pairs: variant === 'pairs' }),
};

const { values } = parseArgs({
  options: { folder: { type: 'string' }, threads: { type: 'string' }, variant: { type: 'string' } },
});
const threads = Number(values.threads);
const workload = readWorkload(values.folder!);
// One thread is the main thread itself; more are worker threads, as `execution.workers` has it.
const engine = await engines[workload.kind]!(workload, threads > 1 ? threads : 0, values.variant);
await serve(
  { engine: 'limaml', version: `onnxruntime ${onnxruntimeVersion}`, setting: workload.setting },
  threads,
  engine,
);
