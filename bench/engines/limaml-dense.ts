// Our engine on the dense workloads: the meta block sees the features of every row.

import { sharedFloats } from '../../src/engine/model-state.js';
import { adaptAfter, TRAIN } from '../../src/engine/programs/program-key.js';
import type { Tile } from '../../src/engine/tiles/tile.js';
import { differentiate } from '../../src/graph/differentiate.js';
import type { Node } from '../../src/graph/ir/node.js';
import { mul, sum } from '../../src/graph/ops/algebra.js';
import { constant, input } from '../../src/graph/ops/leaves.js';
import { globalBlock } from '../../src/models/blocks/global-block.js';
import { type AdaptedBlock, adaptBlock } from '../../src/models/blocks/inner-loop.js';
import { weightedLoss } from '../../src/models/blocks/losses.js';
import type { Parameters } from '../../src/models/contract/definition.js';
import type { Device, Program } from '../../src/runtime/executor.js';
import { trainStep } from '../../src/training/step.js';
import type { Workload } from '../workloads/arrays.js';
import {
  asParameters,
  type BenchWeights,
  benchModel,
  matrixRows,
  openBenchRunner,
  sampled,
  stateOf,
  trainingEngine,
} from './bench-model.js';
import type { BenchEngine } from './serve.js';

/** Rows of one tile: what `execution.tileRows` is best set to for so many inner steps. 2,048 is its default. */
const tileRows = (innerSteps: number): number => (innerSteps >= 5 ? 1024 : 2048);

/** The workload's eight arrays under the names that our blocks use; V1 in its two parts. */
function denseWeights({ arrays, numbers }: Workload): BenchWeights {
  const embedding = numbers['embedding']!;
  const first = arrays['V1']!;
  return {
    'meta.w0': arrays['W1']!,
    'meta.b0': arrays['b1']!,
    'meta.w1': arrays['W2']!,
    'meta.b1': arrays['b2']!,
    'global.first.vector': matrixRows(first, 0, embedding),
    'global.first.features': matrixRows(first, embedding, first.shape[0]!),
    'global.first.bias': arrays['c1']!,
    'global.w0': arrays['V2']!,
    'global.b0': arrays['c2']!,
  };
}

interface DenseGraph {
  readonly parameters: Parameters;
  readonly adapted: AdaptedBlock;
  readonly support: Node;
  logits(vector: Node, features: Node): Node;
}

function denseGraph(workload: Workload): DenseGraph {
  const n = workload.numbers;
  const parameters = Object.fromEntries(
    asParameters(denseWeights(workload)).map(({ name, shape }) => [name, input(name, shape)]),
  );
  const rows = (name: string, width: number): Node => input(name, ['tasks', 'support', width]);
  const support = rows('xs', n['metaInputs']!);
  const features = rows('gs', n['features']!);
  const label = rows('ys', 1);
  const shape = {
    vector: n['embedding']!,
    features: n['features']!,
    hidden: [n['globalHidden']!],
    activation: 'relu',
    interaction: false,
  } as const;
  const logits = (vector: Node, g: Node): Node => globalBlock(parameters, shape, vector, g);
  const adapted = adaptBlock(parameters, { name: 'meta', layers: 2, activation: 'relu' }, support, {
    steps: n['innerSteps']!,
    adapt: 'block',
    firstOrder: false,
    rate: () => constant(n['innerRate']!),
    loss: (vectors) => weightedLoss(logits(vectors, features), label, constant(1 / n['support']!)),
  });
  return { parameters, adapted, support, logits };
}

/** One outer step without the optimiser: `loss`, its mean over all query rows of the batch, and `d.<parameter>`. */
function denseTrainingProgram(workload: Workload): Program {
  const n = workload.numbers;
  const { parameters, adapted, logits } = denseGraph(workload);
  const query = (name: string, width: number): Node => input(name, ['tasks', 'query', width]);
  const weight = constant(1 / (n['tasks']! * n['query']!));
  const z = logits(adapted(query('xq', n['metaInputs']!)), query('gq', n['features']!));
  const loss = weightedLoss(z, query('yq', 1), weight);
  const names = Object.keys(parameters);
  const gradients = differentiate(
    loss,
    names.map((name) => parameters[name]!),
  );
  return { outputs: { loss, ...Object.fromEntries(names.map((name, i) => [`d.${name}`, gradients[i]!])) } };
}

/** `vector` [tasks, embedding]: the mean over support rows of the adapted meta block's output. */
function denseAdaptProgram(workload: Workload): Program {
  const { adapted, support } = denseGraph(workload);
  const mean = mul(sum(adapted(support), [1]), constant(1 / workload.numbers['support']!));
  return { outputs: { vector: mean } };
}

/** The batch cut into tiles of neighbouring tasks, in shared memory for workers. Labels get a last axis of one. */
function denseTiles(workload: Workload, batch: Workload['batches'][number], workers: number): Tile[] {
  const { tasks, support, query, innerSteps } = workload.numbers;
  const perTile = Math.max(1, Math.floor(tileRows(innerSteps!) / (support! + ('xq' in batch ? query! : 0))));
  const tiles: Tile[] = [];
  for (let first = 0; first < tasks!; first += perTile) {
    const count = Math.min(perTile, tasks! - first);
    const tensors = Object.entries(batch).map(([name, { shape, data }]) => {
      const stride = data.length / tasks!;
      const part = workers > 0 ? sharedFloats(count * stride) : new Float32Array(count * stride);
      part.set(data.subarray(first * stride, (first + count) * stride));
      return [name, { data: part, shape: [count, shape[1]!, shape[2] ?? 1] }] as const;
    });
    tiles.push({ groups: [], tensors: Object.fromEntries(tensors) });
  }
  return tiles;
}

function denseModel(workload: Workload): ReturnType<typeof benchModel> {
  return benchModel(workload, {
    parameters: asParameters(denseWeights(workload)),
    logits: () => {
      throw new Error('the dense programs are written out here');
    },
  });
}

export async function trainDenseEngine(
  workload: Workload,
  workers: number,
  device: Device = 'cpu',
): Promise<BenchEngine> {
  const model = denseModel(workload);
  const state = stateOf(denseWeights(workload));
  const runner = await openBenchRunner(
    { key: TRAIN, program: denseTrainingProgram(workload) },
    model,
    state,
    workers,
    device,
  );
  const training = trainStep(model, state, runner, Number.POSITIVE_INFINITY);
  const batches = workload.batches.map((batch) => denseTiles(workload, batch, workers));
  const loss = (i: number): Promise<number> =>
    training.step(batches[i % batches.length]!, () => `step ${i}`, { epochs: 1, horizon: 1, scores: [] });
  return trainingEngine(loss, runner);
}

export async function adaptDenseEngine(
  workload: Workload,
  workers: number,
  device: Device = 'cpu',
): Promise<BenchEngine> {
  const model = denseModel(workload);
  const state = stateOf(denseWeights(workload));
  const key = adaptAfter(workload.numbers['innerSteps']!);
  const runner = await openBenchRunner(
    { key, program: denseAdaptProgram(workload) },
    model,
    state,
    workers,
    device,
  );
  const batches = workload.batches.map((batch) => denseTiles(workload, batch, workers));
  const { tasks, embedding } = workload.numbers;
  const adapt = async (i: number): Promise<Float32Array> => {
    const vectors = new Float32Array(tasks! * embedding!);
    let at = 0;
    for (const { vector } of await runner.run(key, batches[i % batches.length]!)) {
      vectors.set(vector!, at);
      at += vector!.length;
    }
    return vectors;
  };
  return {
    step: async (i) => void (await adapt(i)),
    checks: async () => sampled(await adapt(0)),
    close: () => runner.close(),
  };
}
