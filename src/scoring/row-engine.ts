// What scores rows of a shard, and how much of them at once.
import type { FeatureSource } from '../engine/features/feature-source.js';
import type { TileRunner } from '../engine/runner/tile-runner.js';
import type { Model } from '../models/contract/definition.js';
import type { EventShard } from '../prepared/dataset.js';

/** What scores, and the shard that the rows are of. */
export interface RowEngine {
  readonly model: Model;
  readonly shard: EventShard;
  readonly source: FeatureSource;
  readonly runner: TileRunner;
  readonly tileRows: number;
}
