// Indexes for entities and items, and the log sorted by entity, time and source order: the table `events`.
import type { Database } from '../../database/database.js';
import { ident, naturalOrder } from '../../database/sql.js';
import { inShard, type ShardRange } from '../split-kinds/shard-range.js';
import { wordTypes } from './word-types.js';

/** Events a shard holds on average; one is in memory at a time. */
const ROWS_PER_SHARD = 1_000_000;

/**
 * Numbers entities and items from 1. Entities are ordered by shard (hash of the raw value), so that every shard is a
 * contiguous range of indexes; within a shard, and for items, the order is natural.
 */
export async function indexValues(database: Database, rows: number): Promise<readonly ShardRange[]> {
  const shards = Math.max(1, Math.ceil(rows / ROWS_PER_SHARD));
  await database.run(
    `CREATE TABLE entity_index AS SELECT CAST(row_number() OVER (ORDER BY shard, ${naturalOrder('value')}) AS INTEGER) AS idx, *
      FROM (SELECT entity AS value, md5_number_lower(entity) % ${shards} AS shard FROM loaded WHERE fault = 0 GROUP BY entity)`,
  );
  await database.run(
    `CREATE TABLE item_index AS SELECT CAST(row_number() OVER (ORDER BY ${naturalOrder('value')}) AS INTEGER) AS idx, *
      FROM (SELECT item AS value FROM loaded WHERE fault = 0 GROUP BY item)`,
  );
  const ranges = await database.rows(
    'SELECT min(idx) AS first, max(idx) AS last FROM entity_index GROUP BY shard ORDER BY shard',
  );
  return ranges.map((range) => ({ from: Number(range['first']), to: Number(range['last']) }));
}

/** Columns of `loaded` that are carried along as they are. */
interface Carried {
  readonly names: readonly string[];
  /** The label is a count of clicks among `total` exposures; each exposure becomes a row. */
  readonly counts: boolean;
  /** Source order stands for time. */
  readonly sourceOrder: boolean;
}

/** Makes `events`: entity, item, ts, label, ord and the carried columns, sorted; `loaded` is dropped. */
export async function sortEvents(database: Database, carried: Carried): Promise<void> {
  const types = await wordTypes(database, carried.names);
  const names = carried.names.map((name) => {
    const type = types.get(name);
    return type === undefined ? `l.${ident(name)}` : `CAST(l.${ident(name)} AS ${type}) AS ${ident(name)}`;
  });
  const columns = [
    'e.idx AS entity',
    'i.idx AS item',
    carried.sourceOrder ? 'l.rowid AS ts' : 'l.ts AS ts',
    carried.counts ? 'CAST(c.copy < l.label AS UTINYINT) AS label' : 'l.label AS label',
    'l.rowid AS ord',
    ...(carried.counts ? ['c.copy AS copy'] : []),
    ...names,
  ];
  const copies = carried.counts ? ', LATERAL (SELECT unnest(range(l.total)) AS copy) c' : '';
  await database.run(
    `CREATE TABLE events AS SELECT ${columns.join(', ')}
      FROM loaded l JOIN entity_index e ON l.entity = e.value JOIN item_index i ON l.item = i.value${copies}
      WHERE l.fault = 0 ORDER BY entity, ts, ord${carried.counts ? ', copy' : ''}`,
  );
  await database.run('DROP TABLE loaded');
}

/** Drops all but the first of rows that agree in entity, item, time and label; returns how many went. */
export async function dropDuplicates(database: Database, shards: readonly ShardRange[]): Promise<number> {
  let dropped = 0;
  for (const shard of shards) {
    const copies = `SELECT rowid AS copy FROM events WHERE ${inShard(shard)}
      QUALIFY row_number() OVER (PARTITION BY entity, item, ts, label ORDER BY ord) > 1`;
    const { n } = await database.numbers(`SELECT count(*) AS n FROM (${copies})`);
    if (n === 0) continue;
    dropped += n ?? 0;
    await database.run(`DELETE FROM events WHERE rowid IN (${copies})`);
  }
  return dropped;
}
