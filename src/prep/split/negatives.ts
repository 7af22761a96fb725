// Negatives for logs of positives, shard by shard into the table `events`.

import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Database } from '../../database/database.js';
import { csvFile } from '../../database/files.js';
import { SPLIT } from '../../prepared/format.js';
import { numbersInto, readQuery } from '../../prepared/read-columns.js';
import type { ImplicitDescriptor } from '../descriptor/columns.js';
import { inShard, type ShardRange } from '../split-kinds/shard-range.js';
import { type SplitPlan, splitRelation } from '../split-kinds/split-plan.js';
import { drawNegatives, type ItemWeights, type Positives } from './draw-negatives.js';

/**
 * Replaces `events` by positives and negatives with a column `copy`: 0 for the positive, 1, 2, … for the negatives of the same
 * instant and context. Returns how many negatives could not be found.
 */
export async function addNegatives(
  database: Database,
  options: ImplicitDescriptor,
  plan: SplitPlan,
  shards: readonly ShardRange[],
  workDirectory: string,
): Promise<number> {
  const items = await weighItems(database, options, plan);
  const picks = join(workDirectory, 'negatives.csv');
  await database.run(
    'CREATE TABLE with_negatives AS SELECT *, CAST(0 AS INTEGER) AS copy FROM events LIMIT 0',
  );
  let short = 0;
  for (const shard of shards) {
    const positives = await readPositives(database, shard);
    const out = createWriteStream(picks);
    short += drawNegatives(options, items, positives, (row, copy, item) => {
      out.write(`${positives.order[row]},${copy},${item}\n`);
    });
    out.end();
    await finished(out);
    const drawn = csvFile(
      picks,
      'auto_detect = false',
      'header = false',
      "delim = ','",
      "columns = {'ord': 'BIGINT', 'copy': 'INTEGER', 'item': 'INTEGER'}",
    );
    await database.run(
      `INSERT INTO with_negatives SELECT * FROM (
          SELECT *, 0 AS copy FROM events WHERE ${inShard(shard)} UNION ALL
          SELECT e.* REPLACE (d.item AS item, 0 AS label), d.copy FROM events e JOIN ${drawn} d USING (ord)
            WHERE ${inShard(shard, 'e.entity')})
        ORDER BY entity, ts, ord, copy`,
    );
  }
  await rm(picks, { force: true });
  await database.run('DROP TABLE events');
  await database.run('ALTER TABLE with_negatives RENAME TO events');
  return short;
}

/** Items in order of appearance with running weights: those around at a time are a prefix. */
async function weighItems(
  database: Database,
  options: ImplicitDescriptor,
  plan: SplitPlan,
): Promise<ItemWeights> {
  const trainRows = `count(*) FILTER (split = ${SPLIT.train})`;
  const weight = options.by === 'uniform' ? '1' : `pow(greatest(1, ${trainRows}), 0.75)`;
  const grouped = `SELECT item, min(ts) AS first_ts, ${weight} AS weight FROM ${splitRelation(plan)} GROUP BY item`;
  const { n = 0 } = await database.numbers(`SELECT count(*) AS n FROM (${grouped})`);
  const items = { item: new Int32Array(n), firstTs: new Float64Array(n), running: new Float64Array(n) };
  await readQuery(database, `(${grouped} ORDER BY first_ts, item)`, n, [
    numbersInto('item', items.item),
    numbersInto('first_ts', items.firstTs, 'DOUBLE'),
    numbersInto('weight', items.running, 'DOUBLE'),
  ]);
  for (let i = 1; i < n; i++) items.running[i]! += items.running[i - 1]!;
  return items;
}

async function readPositives(database: Database, shard: ShardRange): Promise<Positives> {
  const { n = 0 } = await database.numbers(`SELECT count(*) AS n FROM events WHERE ${inShard(shard)}`);
  const positives = {
    entity: new Int32Array(n),
    item: new Int32Array(n),
    ts: new Float64Array(n),
    order: new Float64Array(n),
  };
  await readQuery(database, `(FROM events WHERE ${inShard(shard)} ORDER BY entity, ts, ord)`, n, [
    numbersInto('entity', positives.entity),
    numbersInto('item', positives.item),
    numbersInto('ts', positives.ts, 'DOUBLE'),
    numbersInto('ord', positives.order, 'DOUBLE'),
  ]);
  return positives;
}
