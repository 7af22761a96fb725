// Our engine on rows: batches cut from a shard, trained and updated by the very code of `limaml train`.
import type { FeatureSource } from '../../src/engine/features/feature-source.js';
import { TRAIN } from '../../src/engine/programs/program-key.js';
import { trainingProgram } from '../../src/engine/programs/programs.js';
import { mlp } from '../../src/models/layers/mlp.js';
import { oneAhead } from '../../src/one-ahead.js';
import type { EventShard, FeatureColumn } from '../../src/prepared/dataset.js';
import type { Device } from '../../src/runtime/executor.js';
import type { Batch } from '../../src/training/batch.js';
import { rowBatches } from '../../src/training/row-batches.js';
import { trainStep } from '../../src/training/step.js';
import type { Workload } from '../workloads/arrays.js';
import { orderStream } from '../workloads/rows.js';
import {
  asParameters,
  asTables,
  type BenchWeights,
  benchModel,
  openBenchRunner,
  stateOf,
  trainingEngine,
} from './bench-model.js';
import type { BenchEngine } from './serve.js';

/** What `execution.tileRows` defaults to. */
const TILE_ROWS = 2048;
const LAYERS = 3;

const tableName = (f: number): string => `table${f}`;

function denseWeights({ arrays }: Workload): BenchWeights {
  return Object.fromEntries(
    Array.from({ length: LAYERS }, (_, i) => [
      [`deep.w${i}`, arrays[`V${i + 1}`]!] as const,
      [`deep.b${i}`, arrays[`c${i + 1}`]!] as const,
    ]).flat(),
  );
}

function tables({ arrays, numbers }: Workload): BenchWeights {
  return Object.fromEntries(
    Array.from({ length: numbers['fields']! }, (_, f) => [tableName(f), arrays[tableName(f)]!] as const),
  );
}

function rowsModel(workload: Workload): ReturnType<typeof benchModel> {
  const { fields, dims, batchRows } = workload.numbers;
  const placed = Array.from({ length: fields! }, (_, f) => {
    const size = workload.arrays[tableName(f)]!.shape[0]!;
    const spec = { name: `f${f}`, side: 'event', kind: 'categorical', size } as const;
    const source = { kind: 'feature', side: 'event', spec } as const;
    const field = { name: spec.name, kind: 'categorical', size, source } as const;
    return { field, table: tableName(f), dim: dims!, offset: f * dims! };
  });
  return benchModel(workload, {
    parameters: asParameters(denseWeights(workload)),
    tables: asTables(tables(workload)),
    rowGroups: [{ name: 'deep', fields: placed, width: fields! * dims!, dropout: 0 }],
    learns: { by: 'rows', batchRows: batchRows! },
    logits: (p, rows) => mlp(p, 'deep', LAYERS, rows['deep']!),
  });
}

/** The epoch as a shard of a prepared data set; what rows are trained on does not hang on entities. */
function shardOf({ batches, numbers }: Workload): EventShard {
  const { rows, fields } = numbers as { rows: number; fields: number };
  const { indices, labels } = batches[0]!;
  const features = new Map(
    Array.from({ length: fields }, (_, f): [string, FeatureColumn] => {
      const column = new Int32Array(rows);
      for (let i = 0; i < rows; i++) column[i] = indices!.data[i * fields + f]!;
      return [`f${f}`, { kind: 'categorical', name: `f${f}`, size: 0, indices: column }];
    }),
  );
  return {
    rows,
    entities: Int32Array.of(0),
    offsets: Int32Array.of(0, rows),
    entity: new Int32Array(rows),
    item: new Int32Array(rows),
    timestampMs: new Float64Array(rows),
    label: labels!.data as Float32Array,
    split: new Uint8Array(rows),
    features,
    truth: undefined,
  };
}

const NO_SIDES: FeatureSource = {
  entityFeatures: new Map(),
  itemFeatures: new Map(),
  seenEntity: new Uint8Array(1),
  seenItem: new Uint8Array(1),
};

export async function trainRowsEngine(
  workload: Workload,
  workers: number,
  device: Device = 'cpu',
): Promise<BenchEngine> {
  const model = rowsModel(workload);
  const state = stateOf(denseWeights(workload), tables(workload));
  const program = { key: TRAIN, program: trainingProgram(model) };
  const runner = await openBenchRunner(program, model, state, workers, device);
  const training = trainStep(model, state, runner, Number.POSITIVE_INFINITY);
  const shard = shardOf(workload);
  async function* batches(): AsyncGenerator<Batch> {
    const options = {
      seed: 0,
      phase: '',
      epoch: 1,
      learn: [0],
      tileRows: TILE_ROWS,
      placebo: [],
    };
    for (;;)
      yield* rowBatches(model, workload.numbers['batchRows']!, shard, NO_SIDES, options, orderStream());
  }
  const source = oneAhead(batches());
  const loss = async (i: number): Promise<number> => {
    const { value } = await source.next();
    return training.step((value as Batch).tiles, () => `step ${i}`, { epochs: 1, horizon: 1, scores: [] });
  };
  return trainingEngine(loss, runner);
}
