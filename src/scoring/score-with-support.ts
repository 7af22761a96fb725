// Scores rows with a model that reads its entity's support rows beside them.
import { SCORE } from '../engine/programs/program-key.js';
import { bucketTasks } from '../engine/tiles/bucket-tasks.js';
import type { Episode } from '../engine/tiles/episode.js';
import { scoredTile } from '../engine/tiles/task-tiles.js';
import type { Tile } from '../engine/tiles/tile.js';
import { InternalError } from '../errors.js';
import { supportUse } from '../models/contract/definition.js';
import type { RowEngine } from './row-engine.js';

/** Most query rows of an entity in one tile: what a model makes of pairs of support and query rows stays in memory. */
const MOST_QUERIES = 64;

/**
 * @param rows of the shard
 * @param owner [rows] the place of the episode whose support each row is scored with
 */
export async function scoreWithSupport(
  { model, shard, source, runner, tileRows }: RowEngine,
  { rows, owner }: { readonly rows: Int32Array; readonly owner: Int32Array },
  episodes: readonly Episode[],
): Promise<Float64Array> {
  const use = supportUse(model);
  if (use === undefined) throw new InternalError(`model "${model.name}" reads no support`);
  // Runs of rows of one episode.
  const pieces: Episode[] = [];
  const starts: number[] = [];
  for (let from = 0, to = 0; from < rows.length; from = to) {
    while (to < rows.length && owner[to] === owner[from] && to - from < MOST_QUERIES) to++;
    pieces.push({ ...episodes[owner[from]!]!, query: rows.subarray(from, to) });
    starts.push(from);
  }
  const buckets = bucketTasks(pieces, tileRows);
  function* tiles(): Generator<Tile> {
    for (const places of buckets)
      yield scoredTile(
        model,
        use!,
        places.map((place) => pieces[place]!),
        shard,
        source,
      );
  }
  const results = await runner.run(SCORE, tiles());
  const probability = new Float64Array(rows.length);
  buckets.forEach((places, t) => {
    const scored = results[t]!['probability']!;
    const width = scored.length / places.length;
    places.forEach((place, i) => {
      const { length } = pieces[place]!.query;
      probability.set(scored.subarray(i * width, i * width + length), starts[place]!);
    });
  });
  return probability;
}
