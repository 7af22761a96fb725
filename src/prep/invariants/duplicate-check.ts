// The same event in two splits would let a model be tested on what it has seen.

import type { Database } from '../../database/database.js';
import { CheckFailed } from '../../errors.js';
import { inShard, type ShardRange } from '../split-kinds/shard-range.js';

/** Throws `CheckFailed` LEAK_DUPLICATE when rows equal in entity, item, time and label lie in different splits. */
export async function checkDuplicates(
  database: Database,
  events: string,
  shards: readonly ShardRange[],
): Promise<void> {
  for (const shard of shards) {
    const [row] = await database.rows(
      `SELECT count(*) OVER () AS n, (SELECT value FROM entity_index WHERE idx = entity) AS entity,
          (SELECT value FROM item_index WHERE idx = item) AS item
        FROM (SELECT entity, item, ts, label FROM ${events} WHERE ${inShard(shard)}
          GROUP BY ALL HAVING count(DISTINCT split) > 1) LIMIT 1`,
    );
    if (row === undefined) continue;
    throw new CheckFailed({
      code: 'LEAK_DUPLICATE',
      where: 'duplicates: error',
      what: `${row['n']} events occur in more than one split, for example entity "${row['entity']}" with item "${row['item']}".`,
      next: 'Set "duplicates: drop" to keep the first of each, or "keep" to measure with the leak in it.',
    });
  }
}
