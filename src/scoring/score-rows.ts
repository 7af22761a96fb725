// Probabilities of rows, each scored with a vector that is given.
import type { FeatureSource } from '../engine/features/feature-source.js';
import { SCORE } from '../engine/programs/program-key.js';
import type { TileRunner } from '../engine/runner/tile-runner.js';
import { rowGroups } from '../engine/tiles/row-groups.js';
import type { Tile } from '../engine/tiles/tile.js';
import { entityPart, type Model } from '../models/contract/definition.js';
import type { EventShard } from '../prepared/dataset.js';

/** What scores, and the shard that the rows are of. */
export interface RowEngine {
  readonly model: Model;
  readonly shard: EventShard;
  readonly source: FeatureSource;
  readonly runner: TileRunner;
  readonly tileRows: number;
}

/**
 * @param rows of the shard
 * @param owner [rows] the place of each row's vector
 * @param vectors [places × size]; undefined for a model that adapts nothing
 */
export async function scoreRows(
  { model, shard, source, runner, tileRows }: RowEngine,
  { rows, owner }: { readonly rows: Int32Array; readonly owner: Int32Array },
  vectors: Float32Array | undefined,
): Promise<Float64Array> {
  function* tiles(): Generator<Tile> {
    for (let start = 0; start < rows.length; start += tileRows) {
      const part = rows.subarray(start, Math.min(rows.length, start + tileRows));
      const groups = rowGroups('rows', model, part, [part.length], shard, source);
      yield { groups, tensors: vectorTensor(model, vectors, owner.subarray(start, start + part.length)) };
    }
  }
  const results = await runner.run(SCORE, tiles());
  const probability = new Float64Array(rows.length);
  results.forEach((result, t) => {
    probability.set(result['probability']!, t * tileRows);
  });
  return probability;
}

function vectorTensor(model: Model, vectors: Float32Array | undefined, owner: Int32Array): Tile['tensors'] {
  const part = entityPart(model);
  if (vectors === undefined || part === undefined) return {};
  const { name, size } = part;
  const data = new Float32Array(owner.length * size);
  owner.forEach((e, i) => {
    data.set(vectors.subarray(e * size, (e + 1) * size), i * size);
  });
  return { [name]: { data, shape: [owner.length, size] } };
}
