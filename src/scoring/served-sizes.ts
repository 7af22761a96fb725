// How much is known of the entities whose rows are scored, told without adapting anything.
import type { PreparedDataset } from '../prepared/dataset.js';
import type { RowRoles } from './learning-rows.js';
import { knownUnder, type Replay, replayWindows } from './replay.js';
import { supportPolicy } from './support.js';
import { scoredEpisodes } from './windows.js';

/**
 * For every row with split code `target`, how many support rows its entity is served with under `replay`, before any cap: [rows],
 * shard by shard, entity by entity, in time order, which is the order of `scoreSplit`. Frozen, that is what `roles` lets be known
 * when the entity's first scored row comes; renewed, all that came before the row's window. Models that adapt use the last
 * `maxSupport` of them. One shard is read at a time. Throws LEAK_SUPPORT_NOT_BEFORE_QUERY.
 */
export async function servedSupportSizes(
  dataset: PreparedDataset,
  target: number,
  roles: RowRoles,
  replay: Replay,
): Promise<Int32Array> {
  const policy = supportPolicy(...knownUnder(roles, target, replay));
  const sizes: number[] = [];
  for (let index = 0; index < dataset.shardCount; index++)
    for (const { known, query } of scoredEpisodes(
      await dataset.shard(index),
      target,
      policy,
      replayWindows(replay),
    ))
      for (let row = 0; row < query.length; row++) sizes.push(known.length);
  return Int32Array.from(sizes);
}
