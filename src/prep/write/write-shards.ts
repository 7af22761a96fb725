// Event shards as Parquet: contiguous ranges of entities, sorted by entity, time and source order.

import { join } from 'node:path';
import type { Database } from '../../database/database.js';
import { copyTo } from '../../database/files.js';
import { ident } from '../../database/sql.js';
import { PARQUET_OPTIONS, shardFile } from '../../prepared/format.js';
import type { ShardSummary } from '../../prepared/manifest.js';
import type { EncodedFeature } from '../encode/encoded-feature.js';
import { inShard, type ShardRange } from '../split-kinds/shard-range.js';

/** Snappy: zstd writes a sixth less, but takes a quarter more time. */

/** Writes `events/part-NNNNN.parquet` for each range that holds rows. */
export async function writeShards(
  database: Database,
  folder: string,
  events: string,
  features: readonly EncodedFeature[],
  options: { readonly truth: boolean; readonly copies: boolean; readonly sorted: boolean },
  shards: readonly ShardRange[],
  done: (rows: number) => void,
): Promise<readonly ShardSummary[]> {
  const summaries: ShardSummary[] = [];
  const columns = [
    'r.entity',
    'r.item',
    'r.ts AS timestamp_ms',
    'r.label',
    'r.split',
    ...(options.truth ? ['r.truth'] : []),
    ...features.map((feature) => `${feature.sql} AS ${ident(feature.spec.name)}`),
  ];
  const joins = features
    .map((feature) => feature.join)
    .join(' ')
    .trim();
  // A join need not keep the order of rows; without one the sorted relation comes out as it lies.
  const isSorted = options.sorted && joins === '';
  const order = isSorted ? '' : `ORDER BY r.entity, r.ts, r.ord${options.copies ? ', r.copy' : ''}`;
  for (const shard of shards) {
    const condition = inShard(shard, 'r.entity');
    const { rows = 0, entities = 0 } = await database.numbers(
      `SELECT count(*) AS rows, count(DISTINCT entity) AS entities FROM ${events} r WHERE ${condition}`,
    );
    if (rows === 0) continue;
    const file = shardFile(summaries.length);
    await database.run(
      copyTo(
        `SELECT ${columns.join(', ')} FROM ${events} r ${joins} WHERE ${condition} ${order}`,
        join(folder, file),
        PARQUET_OPTIONS,
      ),
    );
    summaries.push({ file, rows, entities });
    done(rows);
  }
  return summaries;
}
