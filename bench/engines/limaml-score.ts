// Our engine on the scoring workload: look-ups inside the graph, as in an exported score.onnx, then the global block.

import { SCORE } from '../../src/engine/programs/program-key.js';
import type { Tile } from '../../src/engine/tiles/tile.js';
import type { Node } from '../../src/graph/ir/node.js';
import { reshape } from '../../src/graph/ops/algebra.js';
import { sigmoid } from '../../src/graph/ops/elementwise.js';
import { concat } from '../../src/graph/ops/joining.js';
import { input, tensor } from '../../src/graph/ops/leaves.js';
import { gather } from '../../src/graph/ops/lookup.js';
import { globalBlock } from '../../src/models/blocks/global-block.js';
import type { Device, Program } from '../../src/runtime/executor.js';
import type { Shaped, Workload } from '../workloads/arrays.js';
import { asParameters, benchModel, openBenchRunner, sampled, stateOf } from './bench-model.js';
import { sparseShape, sparseWeights } from './limaml-sparse.js';
import type { BenchEngine } from './serve.js';

/** Rows of one tile, few enough that a tile stays in a core's cache; 2,048 is what `execution.tileRows` defaults to. */
const TILE_ROWS = 2048;

/** Indices as the graph takes them. They are written as 32-bit words: a BigInt an index would cost more than its look-up. */
function int64Of({ data }: Shaped, from = 0, to = data.length): BigInt64Array {
  const wide = new BigInt64Array(to - from);
  const words = new Int32Array(wide.buffer);
  for (let i = from, at = 0; i < to; i++, at += 2) words[at] = data[i]!;
  return wide;
}

/** `probability` [rows, 1] of `owner` [rows] and `item` [rows, fields]; all tables are constants of the graph. */
function scoreProgram(workload: Workload): Program {
  const { numbers: n, arrays } = workload;
  const weights = sparseWeights(workload);
  const parameters = Object.fromEntries(
    asParameters(weights).map(({ name, shape }) => [
      name,
      tensor(weights[name]!.data as Float32Array, shape),
    ]),
  );
  const constantOf = ({ data, shape }: Shaped): Node =>
    tensor(data instanceof Float32Array ? data : int64Of({ data, shape }), shape);
  const table = constantOf(arrays['table']!);
  const embedded = (indices: Node, fields: number): Node =>
    reshape(gather(table, indices), ['rows', fields * n['dims']!]);
  const owner = input('owner', ['rows'], 'int64');
  const items = input('item', ['rows', n['itemFeatures']!], 'int64');
  const features = gather(constantOf(arrays['entityFeatures']!), owner);
  const vector = concat([
    gather(constantOf(arrays['metaEmbeddings']!), owner),
    embedded(features, n['entityFeatures']!),
  ]);
  const rows = embedded(items, n['itemFeatures']!);
  return { outputs: { probability: sigmoid(globalBlock(parameters, sparseShape(workload), vector, rows)) } };
}

function* scoreTiles({ batches, numbers }: Workload): Generator<Tile> {
  const batch = batches[0]!;
  const fields = numbers['itemFeatures']!;
  const rows = numbers['rows']!;
  for (let first = 0; first < rows; first += TILE_ROWS) {
    const last = Math.min(rows, first + TILE_ROWS);
    yield {
      groups: [],
      tensors: {
        owner: { data: int64Of(batch['rowEntities']!, first, last), shape: [last - first] },
        item: {
          data: int64Of(batch['rowItems']!, first * fields, last * fields),
          shape: [last - first, fields],
        },
      },
    };
  }
}

export async function scoreEngine(
  workload: Workload,
  workers: number,
  device: Device = 'cpu',
): Promise<BenchEngine> {
  const model = benchModel(workload, {
    parameters: [],
    logits: () => {
      throw new Error('the scoring program is written out here');
    },
  });
  const runner = await openBenchRunner(
    { key: SCORE, program: scoreProgram(workload) },
    model,
    stateOf({}),
    workers,
    device,
  );
  const score = async (): Promise<Float32Array> => {
    const probability = new Float32Array(workload.numbers['rows']!);
    let at = 0;
    for (const result of await runner.run(SCORE, scoreTiles(workload))) {
      probability.set(result['probability']!, at);
      at += result['probability']!.length;
    }
    return probability;
  };
  return {
    step: async () => void (await score()),
    checks: async () => sampled(await score()),
    close: () => runner.close(),
  };
}
