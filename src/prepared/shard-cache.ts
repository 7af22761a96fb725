// Keeps the shards read last, as long as they are few rows together: a small data set is read from disk once.
import type { EventShard } from './dataset.js';

/** Rows kept in memory beside the shard in use. */
const CACHED_ROWS = 2_000_000;

/** `read`, remembering the shards of the latest reads up to `limit` rows in all. */
export function cachedShards(
  read: (index: number) => Promise<EventShard>,
  limit = CACHED_ROWS,
): (index: number) => Promise<EventShard> {
  const kept = new Map<number, EventShard>();
  return async (index) => {
    const known = kept.get(index);
    kept.delete(index);
    const shard = known ?? (await read(index));
    kept.set(index, shard);
    let rows = 0;
    for (const { rows: more } of kept.values()) rows += more;
    for (const [oldest, { rows: fewer }] of kept) {
      if (rows <= limit) break;
      kept.delete(oldest);
      rows -= fewer;
    }
    return shard;
  };
}
