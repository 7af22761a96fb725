// Our engine on the scoring workload: rows of a shard scored with vectors that are there, by the very code of `limaml eval`.
import type { FeatureSource } from '../../src/engine/features/feature-source.js';
import { SCORE } from '../../src/engine/programs/program-key.js';
import { scoringProgram } from '../../src/engine/programs/programs.js';
import { globalBlock } from '../../src/models/blocks/global-block.js';
import type { MetaPart, Model } from '../../src/models/contract/definition.js';
import { featureField, layoutGroup } from '../../src/models/contract/fields.js';
import type { EventShard, FeatureTable } from '../../src/prepared/dataset.js';
import type { Device } from '../../src/runtime/executor.js';
import { scoreRows } from '../../src/scoring/score-rows.js';
import type { Shaped, Workload } from '../workloads/arrays.js';
import type { BenchWeights } from './bench-model.js';
import {
  asParameters,
  asTables,
  benchModel,
  matrixRows,
  openBenchRunner,
  sampled,
  stateOf,
} from './bench-model.js';
import type { BenchEngine } from './serve.js';

/** What `execution.tileRows` defaults to. */
const TILE_ROWS = 2048;

/** The rows of the workload: entity features are looked up by the entity, those of the item stand in the row. */
interface Rows {
  readonly shard: EventShard;
  readonly source: FeatureSource;
}

/** Columns of an array [rows, features]. */
function columns(side: string, { shape, data }: Shaped): FeatureTable {
  const [rows, count] = shape as readonly [number, number];
  return new Map(
    Array.from({ length: count }, (_, f) => {
      const indices = new Int32Array(rows);
      for (let row = 0; row < rows; row++) indices[row] = data[row * count + f]!;
      const name = `${side}${f}`;
      return [name, { kind: 'categorical', name, size: 0, indices }] as const;
    }),
  );
}

function rowsOf({ arrays, batches, numbers }: Workload): Rows {
  const { rowEntities, rowItems } = batches[0]!;
  const rows = numbers['rows']!;
  return {
    shard: {
      rows,
      entities: new Int32Array(),
      offsets: new Int32Array(1),
      entity: rowEntities!.data as Int32Array,
      item: new Int32Array(rows),
      timestampMs: new Float64Array(),
      label: new Float32Array(),
      split: new Uint8Array(),
      features: columns('event', rowItems!),
      truth: undefined,
    },
    source: {
      entityFeatures: columns('entity', arrays['entityFeatures']!),
      itemFeatures: new Map(),
      seenEntity: new Uint8Array(),
      seenItem: new Uint8Array(),
    },
  };
}

/** V1 in the parts of e and of [m, r], as our blocks have it. */
function weightsOf({ arrays, numbers }: Workload): BenchWeights {
  const first = arrays['V1']!;
  const vector = numbers['embedding']!;
  return {
    'global.first.vector': matrixRows(first, 0, vector),
    'global.first.features': matrixRows(first, vector, first.shape[0]!),
    'global.first.bias': arrays['c1']!,
    'global.w0': arrays['V2']!,
    'global.b0': arrays['c2']!,
  };
}

function modelOf(workload: Workload, { shard, source }: Rows): Model {
  const n = workload.numbers as Readonly<Record<'dims' | 'embedding' | 'globalHidden', number>>;
  const fields = [
    ...[...source.entityFeatures.keys()].map((name) => ({ side: 'entity' as const, name })),
    ...[...shard.features.keys()].map((name) => ({ side: 'event' as const, name })),
  ].map((spec) => featureField({ ...spec, kind: 'categorical', size: 0 }));
  const { group } = layoutGroup('rows', fields, { dim: n.dims, scale: 0, optimizer: 'default' });
  const stacked = { ...group, fields: group.fields.map((field) => ({ ...field, table: 'table' })) };
  const adapted: MetaPart = {
    name: 'vector',
    side: 'entity',
    size: n.embedding,
    maxSupport: 0,
    trainSteps: 0,
    adaptSteps: 0,
    vector: () => {
      throw new Error('vectors are given');
    },
    pooling: 'mean',
  };
  const shape = {
    vector: n.embedding,
    features: group.width,
    hidden: [n.globalHidden],
    activation: 'relu' as const,
    interaction: false,
  };
  return benchModel(workload, {
    parameters: asParameters(weightsOf(workload)),
    tables: asTables({ table: workload.arrays['table']! }),
    rowGroups: [stacked],
    adapts: [adapted],
    logits: (p, rows, { vector }) => globalBlock(p, shape, vector!, rows['rows']!),
  });
}

export async function scoreEngine(
  workload: Workload,
  workers: number,
  device: Device = 'cpu',
): Promise<BenchEngine> {
  const given = rowsOf(workload);
  const model = modelOf(workload, given);
  const state = stateOf(weightsOf(workload), { table: workload.arrays['table']! });
  const program = { key: SCORE, program: scoringProgram(model) };
  const runner = await openBenchRunner(program, model, state, workers, device);
  const rows = Int32Array.from({ length: given.shard.rows }, (_, row) => row);
  const vectors = workload.arrays['metaEmbeddings']!.data as Float32Array;
  const score = (): Promise<Float64Array> =>
    scoreRows(
      { model, ...given, runner, tileRows: TILE_ROWS },
      { rows, owner: given.shard.entity },
      { episodes: [], vectors },
    );
  return {
    step: async () => void (await score()),
    checks: async () => sampled(await score()),
    close: () => runner.close(),
  };
}
