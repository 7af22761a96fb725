// Our engine on the scoring workload: embeddings and meta embeddings gathered, then the global block.
import { sigmoid } from '../../src/graph/ops/elementwise.js';
import { input } from '../../src/graph/ops/leaves.js';
import { globalBlock } from '../../src/models/blocks/global-block.js';
import type { Tile } from '../../src/training/tile.js';
import type { Workload } from '../workloads/arrays.js';
import {
  asParameters,
  asTables,
  benchModel,
  openBenchRunner,
  sampled,
  stateOf,
  tableGroup,
} from './bench-model.js';
import { sparseShape, sparseWeights } from './limaml-sparse.js';
import type { BenchEngine } from './serve.js';
import { fieldRows } from './sparse-tiles.js';

/** Rows of one tile: of some sizes tried the fastest, and few enough that a tile stays in a core's cache. */
const TILE_ROWS = 2048;

export async function scoreEngine(workload: Workload, workers: number): Promise<BenchEngine> {
  const { numbers: n, arrays } = workload;
  const shape = sparseShape(workload);
  const tables = { table: arrays['table']!, metaEmbeddings: arrays['metaEmbeddings']! };
  const many = (count: number): { table: string; dim: number }[] =>
    Array.from({ length: count }, () => ({ table: 'table', dim: n['dims']! }));
  const vectorFields = [{ table: 'metaEmbeddings', dim: n['embedding']! }, ...many(n['entityFeatures']!)];
  const weights = sparseWeights(workload);
  const model = benchModel(workload, {
    parameters: asParameters(weights),
    tables: asTables(tables),
    rowGroups: [tableGroup('vector', vectorFields), tableGroup('item', many(n['itemFeatures']!))],
    logits: (p, rows) => globalBlock(p, shape, rows['vector']!, rows['item']!),
  });
  const parameters = Object.fromEntries(model.parameters.map((p) => [p.name, input(p.name, p.shape)]));
  const rows = Object.fromEntries(
    model.rowGroups.map(({ name, width }) => [name, input(`rows.${name}`, ['rows', width])]),
  );
  const programs = {
    score: { outputs: { probability: sigmoid(model.logits(parameters, rows, undefined)) } },
  };
  const runner = await openBenchRunner(programs, model, stateOf(weights, tables), workers);

  const tiles = (): Tile[] => {
    const batch = workload.batches[0]!;
    const owners = batch['rowEntities']!.data as Int32Array;
    const list: Tile[] = [];
    for (let first = 0; first < n['rows']!; first += TILE_ROWS) {
      const count = Math.min(TILE_ROWS, n['rows']! - first);
      const owner = owners.slice(first, first + count);
      const places = Int32Array.from({ length: count }, (_, i) => first + i);
      const features = fieldRows(arrays['entityFeatures']!, owner, n['entityFeatures']!);
      const vector = {
        rows: count,
        fields: [{ kind: 'categorical', indices: owner } as const, ...features.fields],
      };
      list.push({
        groups: [
          { input: 'rows.vector', group: 'vector', leading: [count], rows: vector },
          {
            input: 'rows.item',
            group: 'item',
            leading: [count],
            rows: fieldRows(batch['rowItems']!, places, n['itemFeatures']!),
          },
        ],
        tensors: {},
      });
    }
    return list;
  };
  const score = async (): Promise<Float32Array> => {
    const probability = new Float32Array(n['rows']!);
    let at = 0;
    for (const result of await runner.run('score', tiles())) {
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
