// One row an entity (item): its raw features and how many rows of each split it occurs in.

import type { Database } from '../../database/database.js';
import { ident } from '../../database/sql.js';
import { SPLIT, SPLITS } from '../../prepared/format.js';
import type { ResolvedDescriptor } from '../descriptor/resolve.js';
import { featureColumnName } from '../load/feature-column.js';
import { tableName } from '../load/load-tables.js';

export type Side = 'entity' | 'item';

/**
 * Makes `<side>_rows(idx, value, train, valid, test, support, first times…, f_…)`.
 * `sampled`: rows with `copy` above 0 never happened, so the first event of an item is never one of them, even at the same instant.
 * Returns, by table, how many of them the table knows nothing of.
 */
export async function sideRows(
  database: Database,
  descriptor: ResolvedDescriptor,
  side: Side,
  events: string,
  sampled: boolean,
): Promise<Readonly<Record<string, number>>> {
  const counts = SPLITS.map((name) => `CAST(count(*) FILTER (split = ${SPLIT[name]}) AS INTEGER) AS ${name}`);
  // Only histories of entities are held to an order in time.
  const timed = side === 'entity' ? SPLITS : [];
  const times = timed.flatMap((name) => [
    `min(ts) FILTER (split = ${SPLIT[name]}) AS ${name}_first`,
    `max(ts) FILTER (split = ${SPLIT[name]}) AS ${name}_last`,
  ]);
  await database.run(
    `CREATE TABLE ${side}_counts AS SELECT ${side} AS idx, ${[...counts, ...times].join(', ')} FROM ${events} GROUP BY ${side}`,
  );
  const features = descriptor.features.flatMap((feature) =>
    feature.side === side && 'from' in feature ? [feature] : [],
  );
  const sources = [...new Set(features.map((feature) => feature.from))];
  const joins: string[] = [];
  const lacking: Record<string, number> = {};
  for (const source of sources) {
    const alias = ident(`t_${source}`);
    if (source === 'events') {
      const names = features
        .filter((feature) => feature.from === 'events')
        .map(featureColumnName)
        .map(ident);
      joins.push(
        `LEFT JOIN (SELECT ${side} AS first_of, ${names.join(', ')} FROM events${sampled ? ' WHERE copy = 0' : ''}
          QUALIFY row_number() OVER (PARTITION BY ${side} ORDER BY ts, ord) = 1) ${alias} ON x.idx = ${alias}.first_of`,
      );
    } else {
      const table = ident(tableName(source));
      joins.push(`LEFT JOIN ${table} ${alias} ON x.value = ${alias}.key`);
      const { n = 0 } = await database.numbers(
        `SELECT count(*) AS n FROM ${side}_index x ANTI JOIN ${table} t ON x.value = t.key`,
      );
      if (n > 0) lacking[`${side} values missing from table ${source}`] = n;
    }
  }
  const columns = features.map(
    (feature) => `${ident(`t_${feature.from}`)}.${ident(featureColumnName(feature))}`,
  );
  // An entity whose rows all fell into a purge gap keeps its index and counts 0.
  const counted = SPLITS.map((name) => `coalesce(c.${name}, 0) AS ${name}`);
  await database.run(
    `CREATE TABLE ${side}_rows AS SELECT
        ${['x.idx', 'x.value', ...counted, `c.* EXCLUDE (idx, ${SPLITS.join(', ')})`, ...columns].join(', ')}
      FROM ${side}_index x LEFT JOIN ${side}_counts c ON x.idx = c.idx ${joins.join(' ')} ORDER BY x.idx`,
  );
  return lacking;
}
