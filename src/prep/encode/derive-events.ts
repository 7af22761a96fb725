// Event features that are not in the log's columns: the clock, dates of side tables, the past. Computed shard by shard.

import type { Database } from '../../database/database.js';
import { ident } from '../../database/sql.js';
import { SPLIT } from '../../prepared/format.js';
import type { FeatureOf } from '../descriptor/features.js';
import type { ResolvedDescriptor, ResolvedFeature } from '../descriptor/resolve.js';
import { tableKeyColumn } from '../load/event-plan.js';
import { featureColumnName } from '../load/feature-column.js';
import { tableName } from '../load/load-tables.js';
import type { SplitLog } from '../split/split-events.js';
import { inShard, type ShardRange } from '../split-kinds/shard-range.js';
import { PURGED, type SplitPlan, splitRelation } from '../split-kinds/split-plan.js';
import { type HistoryFeature, historySql, itemHistory, leaningRate, type Past } from './history.js';

interface DerivedEvents {
  /** Table or parenthesised query. */
  readonly relation: string;
  /** Whether reading it gives rows sorted by entity, time and source order. */
  readonly sorted: boolean;
  /** What history features were computed by; a rate of 0 where none needs it. */
  readonly past: Past;
}

/**
 * The relation that shards are written from: `events` with `split` and every event feature as f_<name>, without purged rows,
 * sorted like `events`. A table where something had to be derived, else a view of `events`.
 */
export async function deriveEvents(
  database: Database,
  descriptor: ResolvedDescriptor,
  { plan, copies, sampled }: Pick<SplitLog, 'plan' | 'copies' | 'sampled'>,
  shards: readonly ShardRange[],
): Promise<DerivedEvents> {
  const features = descriptor.features.filter((feature) => feature.side === 'event');
  const derived = features.filter((feature) => !('from' in feature) || feature.from !== 'events');
  const kept = `WHERE split <> ${PURGED}`;
  if (derived.length === 0)
    return {
      relation: `(SELECT * FROM ${splitRelation(plan)} ${kept})`,
      sorted: !plan.perEntity,
      past: { trainRate: 0, sampled },
    };

  const past: Past = { trainRate: await trainingRate(database, derived, plan, sampled), sampled };
  const history = derived.filter((feature): feature is HistoryFeature => feature.kind === 'history');
  const ofItem = history.filter((feature) => feature.of === 'item');
  if (ofItem.length > 0) await itemHistory(database, ofItem, past);
  const tables = [...new Set(derived.flatMap((feature) => ('from' in feature ? [feature.from] : [])))];
  const joins = tables.map((table) => joinTable(descriptor, table));
  const columns = derived.map(
    (feature) => `${valueSql(feature, past)} AS ${ident(featureColumnName(feature))}`,
  );

  const order = copies ? 'entity, ts, ord, copy' : 'entity, ts, ord';
  for (const [index, shard] of shards.entries()) {
    const rows = `(SELECT rowid AS rid, * FROM events WHERE ${inShard(shard)})`;
    const { first = 0, last = 0 } = await database.numbers(
      `SELECT min(rid) AS first, max(rid) AS last FROM ${rows}`,
    );
    const ofItems = `LEFT JOIN (FROM item_history WHERE rid BETWEEN ${first} AND ${last}) USING (rid)`;
    const joined = ofItem.length > 0 ? [...joins, ofItems] : joins;
    const select = `SELECT * EXCLUDE (rid) FROM (SELECT s.*, ${columns.join(', ')}
      FROM ${splitRelation(plan, rows)} s ${joined.join(' ')}) ${kept} ORDER BY ${order}`;
    await database.run(index === 0 ? `CREATE TABLE derived AS ${select}` : `INSERT INTO derived ${select}`);
  }
  return { relation: 'derived', sorted: true, past };
}

async function trainingRate(
  database: Database,
  derived: readonly ResolvedFeature[],
  plan: SplitPlan,
  sampled: boolean,
): Promise<number> {
  if (!derived.some((feature) => feature.kind === 'history' && feature.statistic === 'rate')) return 0;
  const { rate = 0 } = await database.numbers(
    `SELECT avg(label) AS rate FROM ${splitRelation(plan)} WHERE split = ${SPLIT.train}${sampled ? ' AND copy = 0' : ''}`,
  );
  return leaningRate(rate);
}

function joinTable(descriptor: ResolvedDescriptor, table: string): string {
  const alias = ident(`t_${table}`);
  const { on } = descriptor.tables[table]!;
  if (on !== 'entity' && on !== 'item')
    return `LEFT JOIN ${ident(tableName(table))} ${alias} ON s.${ident(tableKeyColumn(table))} = ${alias}.key`;
  const index = `${on}_index`;
  return `LEFT JOIN (SELECT x.idx, t.* FROM ${index} x JOIN ${ident(tableName(table))} t ON x.value = t.key) ${alias} ON s.${on} = ${alias}.idx`;
}

function valueSql(feature: ResolvedFeature, past: Past): string {
  if (feature.kind === 'time') return timeSql(feature);
  const name = ident(featureColumnName(feature));
  if (feature.kind === 'history') return feature.of === 'item' ? name : historySql(feature, past, 's');
  const value = `${ident(`t_${feature.from}`)}.${name}`;
  return feature.kind === 'elapsed' ? `greatest(0, (s.ts - ${value}) / 86400000.0)` : value;
}

/** The part of the clock that a time feature is, as text; `ms` is SQL of the time. */
export function timeSql(feature: FeatureOf<'time'>, ms = 's.ts'): string {
  const clock = `make_timestamp((${ms} + ${feature.utcOffsetMinutes * 60_000}) * 1000)`;
  const part = {
    hour: `hour(${clock})`,
    weekday: `isodow(${clock})`,
    hour_of_week: `(isodow(${clock}) - 1) * 24 + hour(${clock})`,
    month: `month(${clock})`,
  }[feature.part];
  return `CAST(${part} AS VARCHAR)`;
}
