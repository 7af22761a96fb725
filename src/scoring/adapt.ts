// Meta embeddings of entities from their support rows.
import type { FeatureSource } from '../engine/features/feature-source.js';
import { ADAPT, type ProgramKey } from '../engine/programs/program-key.js';
import type { TileRunner } from '../engine/runner/tile-runner.js';
import { bucketTasks } from '../engine/tiles/bucket-tasks.js';
import type { Episode } from '../engine/tiles/episode.js';
import { supportSide } from '../engine/tiles/task-tiles.js';
import type { Tile } from '../engine/tiles/tile.js';
import { bucketWindows, windowTile } from '../engine/tiles/window-tiles.js';
import { entityPart, type Model } from '../models/contract/definition.js';
import type { EventShard } from '../prepared/dataset.js';

export interface AdaptOptions {
  /** Most padded support rows of one tile. */
  readonly tileRows: number;
  /** Which number of inner steps; as served by default. `ADAPT_WINDOWS` where entities are adapted at many instants. */
  readonly program?: ProgramKey;
  /** Places of the episodes that are adapted, tile by tile; all in their own tiles by default. Vectors of others are zeros. */
  readonly buckets?: readonly (readonly number[])[];
}

const NONE = new Int32Array(0);

/** Meta embeddings [episodes × size] in episode order; undefined for a model that adapts nothing. */
export async function adaptEpisodes(
  model: Model,
  episodes: readonly Omit<Episode, 'query'>[],
  shard: EventShard,
  source: FeatureSource,
  runner: TileRunner,
  { tileRows, program = ADAPT, buckets: chosen }: AdaptOptions,
): Promise<Float32Array | undefined> {
  const part = entityPart(model);
  if (part === undefined) return undefined;
  const tasks = episodes.map((episode) => ({ ...episode, query: NONE }));
  const windows = program.kind === 'adapt' && program.windows === true;
  const buckets = chosen ?? (windows ? bucketWindows(tasks, tileRows) : bucketTasks(tasks, tileRows));
  const sideOf = windows ? windowTile : supportSide;
  function* tiles(): Generator<Tile> {
    for (const places of buckets)
      yield sideOf(
        model,
        part!,
        places.map((place) => tasks[place]!),
        shard,
        source,
      );
  }
  const results = await runner.run(program, tiles());
  const vectors = new Float32Array(episodes.length * part.size);
  buckets.forEach((places, t) => {
    places.forEach((place, i) => {
      vectors.set(results[t]![part.name]!.subarray(i * part.size, (i + 1) * part.size), place * part.size);
    });
  });
  return vectors;
}
