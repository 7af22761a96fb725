// Our engine on the sparse workloads: embeddings gathered from tables, ragged supports.

import { adaptAfter, TRAIN } from '../../src/engine/programs/program-key.js';
import { programOf, trainingProgram } from '../../src/engine/programs/programs.js';
import type { Tile } from '../../src/engine/tiles/tile.js';
import type { Node } from '../../src/graph/ir/node.js';
import { concat } from '../../src/graph/ops/joining.js';
import { constant } from '../../src/graph/ops/leaves.js';
import { type GlobalBlockShape, globalBlock } from '../../src/models/blocks/global-block.js';
import { adaptBlock } from '../../src/models/blocks/inner-loop.js';
import { supportWeights, weightedLoss } from '../../src/models/blocks/losses.js';
import type {
  EncodedGroups,
  MetaPart,
  Model,
  Parameters,
  SupportNodes,
} from '../../src/models/contract/definition.js';
import type { Device } from '../../src/runtime/executor.js';
import { trainStep } from '../../src/training/step.js';
import type { Workload } from '../workloads/arrays.js';
import {
  asParameters,
  asTables,
  type BenchWeights,
  benchModel,
  matrixRows,
  openBenchRunner,
  sampled,
  stateOf,
  tableGroup,
  trainingEngine,
} from './bench-model.js';
import type { BenchEngine } from './serve.js';
import { type SparseBatch, sparseTiles } from './sparse-tiles.js';

/** The workload's arrays under our blocks' names. V1's parts for e and for m stay together: both are one row a task. */
function sparseWeights({ arrays, numbers }: Workload): BenchWeights {
  const first = arrays['V1']!;
  const perTask = numbers['embedding']! + numbers['entityFeatures']! * numbers['dims']!;
  return {
    ...(arrays['W1'] === undefined
      ? {}
      : {
          'meta.w0': arrays['W1'],
          'meta.b0': arrays['b1']!,
          'meta.w1': arrays['W2']!,
          'meta.b1': arrays['b2']!,
        }),
    'global.first.vector': matrixRows(first, 0, perTask),
    'global.first.features': matrixRows(first, perTask, first.shape[0]!),
    'global.first.bias': arrays['c1']!,
    'global.w0': arrays['V2']!,
    'global.b0': arrays['c2']!,
  };
}

function sparseShape({ numbers: n }: Workload): GlobalBlockShape {
  return {
    vector: n['embedding']! + n['entityFeatures']! * n['dims']!,
    features: n['itemFeatures']! * n['dims']!,
    hidden: [n['globalHidden']!],
    activation: 'relu',
    interaction: false,
  };
}

/** `vector` of the training model is [e, m]; of the adapting model e alone. */
function sparseModels(workload: Workload): { readonly training: Model; readonly adapting: Model } {
  const n = workload.numbers;
  const shape = sparseShape(workload);
  const embedding = (p: Parameters, task: EncodedGroups, support: SupportNodes, steps: number): Node => {
    const m = task['entity']!;
    const weights = supportWeights('shrunk', support.mask, constant(n['shrink']!));
    const adapted = adaptBlock(p, { name: 'meta', layers: 2, activation: 'relu' }, m, {
      steps,
      adapt: 'block',
      firstOrder: false,
      rate: () => constant(n['innerRate']!),
      loss: (vectors) =>
        weightedLoss(
          globalBlock(p, shape, concat([vectors, m]), support.rows['item']!),
          support.label,
          weights,
        ),
    });
    return adapted(m);
  };
  const meta: MetaPart = {
    name: 'vector',
    side: 'entity',
    size: shape.vector,
    maxSupport: n['maxSupport']!,
    trainSteps: n['innerSteps']!,
    adaptSteps: n['innerSteps']!,
    vector: (p, task, support, steps) => concat([embedding(p, task, support, steps), task['entity']!]),
    pooling: 'mean',
  };
  const fields = (count: number): { table: string; dim: number }[] =>
    Array.from({ length: count }, () => ({ table: 'table', dim: n['dims']! }));
  const training = benchModel(workload, {
    parameters: asParameters(sparseWeights(workload)),
    tables: asTables({ table: workload.arrays['table']! }),
    taskGroups: [tableGroup('entity', fields(n['entityFeatures']!))],
    rowGroups: [tableGroup('item', fields(n['itemFeatures']!))],
    learns: { by: 'episodes', tasks: n['tasks']!, maxQuery: 20, order: 'time', emptyShare: 0 },
    adapts: [meta],
    logits: (p, rows, { vector }) => globalBlock(p, shape, vector!, rows['item']!),
  });
  const adapting = { ...meta, size: n['embedding']!, vector: embedding };
  return { training, adapting: { ...training, adapts: [adapting] } };
}

const stateOfSparse = (workload: Workload): ReturnType<typeof stateOf> =>
  stateOf(sparseWeights(workload), { table: workload.arrays['table']! });

/**
 * Cutting a batch into tiles is part of the step, as padding is part of the peers'. As in `limaml train` the next batch
 * is cut while the workers are at the present one: every step pays for one batch.
 */
export async function trainSparseEngine(
  workload: Workload,
  workers: number,
  device: Device = 'cpu',
): Promise<BenchEngine> {
  const { training: model } = sparseModels(workload);
  const state = stateOfSparse(workload);
  const runner = await openBenchRunner(
    { key: TRAIN, program: trainingProgram(model) },
    model,
    state,
    workers,
    device,
  );
  const training = trainStep(model, state, runner, Number.POSITIVE_INFINITY);
  const cut = (i: number): { i: number; tiles: Tile[] } => {
    const batch = workload.batches[i % workload.batches.length]! as SparseBatch;
    return { i, tiles: [...sparseTiles(batch, workload.numbers)].map(({ tile }) => tile) };
  };
  let next = cut(0);
  const loss = (i: number): Promise<number> => {
    const { tiles } = next.i === i ? next : cut(i);
    const running = training.step(tiles, () => `step ${i}`, { epochs: 1, horizon: 1, scores: [] });
    next = cut(i + 1);
    return running;
  };
  return trainingEngine(loss, runner);
}

export async function adaptSparseEngine(
  workload: Workload,
  workers: number,
  device: Device = 'cpu',
): Promise<BenchEngine> {
  const { adapting: model } = sparseModels(workload);
  const { tasks, embedding, innerSteps } = workload.numbers;
  const key = adaptAfter(innerSteps!);
  const program = { key, program: programOf(model, key) };
  const runner = await openBenchRunner(program, model, stateOfSparse(workload), workers, device);
  const adapt = async (i: number): Promise<Float32Array> => {
    const batch = workload.batches[i % workload.batches.length]! as SparseBatch;
    const placesOf: (readonly number[])[] = [];
    function* tiles(): Generator<Tile> {
      for (const { tile, places } of sparseTiles(batch, workload.numbers)) {
        placesOf.push(places);
        yield tile;
      }
    }
    const results = await runner.run(key, tiles());
    const vectors = new Float32Array(tasks! * embedding!);
    placesOf.forEach((places, t) => {
      places.forEach((place, row) => {
        const from = row * embedding!;
        vectors.set(results[t]!['vector']!.subarray(from, from + embedding!), place * embedding!);
      });
    });
    return vectors;
  };
  return {
    step: async (i) => void (await adapt(i)),
    checks: async () => sampled(await adapt(0)),
    close: () => runner.close(),
  };
}
