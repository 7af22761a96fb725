// Probabilities of rows, each scored with the vector of an episode, or with its support where the model reads that.
import { shared } from '../engine/model-state.js';
import { SCORE } from '../engine/programs/program-key.js';
import { rowGroups } from '../engine/tiles/row-groups.js';
import type { Tile } from '../engine/tiles/tile.js';
import { entityPart, type Model } from '../models/contract/definition.js';
import type { RowEngine } from './row-engine.js';
import { scoreWithSupport } from './score-with-support.js';
import type { ScoredEpisode } from './windows.js';

/** What rows are scored with. */
export interface Known {
  readonly episodes: readonly ScoredEpisode[];
  /** [episodes × size]; undefined for a model that adapts nothing. */
  readonly vectors: Float32Array | undefined;
}

/**
 * @param rows of the shard
 * @param owner [rows] the place of each row's episode
 */
export async function scoreRows(
  engine: RowEngine,
  laid: { readonly rows: Int32Array; readonly owner: Int32Array },
  { episodes, vectors }: Known,
): Promise<Float64Array> {
  const { model, shard, source, runner, tileRows } = engine;
  const { rows, owner } = laid;
  if (model.reads !== undefined) return scoreWithSupport(engine, laid, episodes);
  const pickedBy = vectorPicker(model, vectors, owner);
  function* tiles(): Generator<Tile> {
    for (let start = 0; start < rows.length; start += tileRows) {
      const end = Math.min(rows.length, start + tileRows);
      const part = rows.subarray(start, end);
      const groups = rowGroups('rows', model, part, [part.length], shard, source);
      yield { groups, tensors: {}, ...pickedBy(start, end) };
    }
  }
  const results = await runner.run(SCORE, tiles());
  const probability = new Float64Array(rows.length);
  results.forEach((result, t) => {
    probability.set(result['probability']!, t * tileRows);
  });
  return probability;
}

/** Of some rows in a row the vectors that they are scored with; nothing of a model without any. */
function vectorPicker(
  model: Model,
  vectors: Float32Array | undefined,
  owner: Int32Array,
): (start: number, end: number) => Pick<Tile, 'picked'> {
  const part = entityPart(model);
  if (vectors === undefined || part === undefined) return () => ({});
  const { name, size } = part;
  const values = shared(vectors);
  const places = new Int32Array(new SharedArrayBuffer(owner.byteLength));
  places.set(owner);
  return (start, end) => ({ picked: { [name]: { values, rows: places.subarray(start, end), size } } });
}
