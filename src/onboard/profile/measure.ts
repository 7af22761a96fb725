// The figures of a loaded log: sizes, times, labels, columns and side tables.

import type { Database } from '../../database/database.js';
import { ident } from '../../database/sql.js';
import type { ResolvedDescriptor } from '../../prep/descriptor/resolve.js';
import { halfOf, singleColumnAuc } from '../../prep/invariants/single-column-auc.js';
import { tableKeyColumn } from '../../prep/load/event-plan.js';
import type { ListedFiles } from '../../prep/sources/find-sources.js';
import type { Progress } from '../../progress.js';
import { columnRoles } from './column-roles.js';
import { columnStats } from './column-stats.js';
import type { ColumnProfile, Measured, TableProfile, TimeProfile } from './dataset-profile.js';
import { historyLengths } from './histories.js';
import type { LoadedLog, LoadedSource } from './load-for-profile.js';

const GOOD = '(SELECT rowid AS rid, * FROM loaded WHERE fault = 0)';
const SHOWN_REJECTS = 5;

/** Everything but the suggestions. */
export async function measure(
  database: Database,
  descriptor: ResolvedDescriptor,
  files: ListedFiles,
  loaded: LoadedLog,
  progress: Progress,
): Promise<Measured> {
  const counts = descriptor.columns.label.kind === 'counts';
  const clicks = 'CAST(label AS BIGINT)';
  const exposures = counts ? 'CAST(total AS BIGINT)' : '1';
  const totals = await database.numbers(
    `SELECT count(*) AS rows, count(DISTINCT entity) AS entities, count(DISTINCT item) AS items,
        sum(${clicks}) / nullif(sum(${exposures}), 0) AS rate FROM ${GOOD}`,
  );
  const { rows = 0, entities = 0, items = 0, rate = Number.NaN } = totals;
  const implicit = descriptor.columns.label.kind === 'implicit';
  const sourceOrder = 'sourceOrder' in descriptor.columns.timestamp;
  const aucOf = implicit || rows === 0 ? undefined : { clicks, rest: `${exposures} - ${clicks}`, rows };
  const columns: ColumnProfile[] = [];
  const tables: TableProfile[] = [];
  const sources = [['events', loaded.events] as const, ...Object.entries(loaded.tables)];
  for (const [index, [name, source]] of sources.entries()) {
    if (name !== 'events') tables.push(await tableProfile(database, descriptor, name, source));
    for (const column of source.columns)
      columns.push(await columnProfile(database, descriptor, name, source, column, aucOf));
    progress({ kind: 'step', done: index + 1, total: sources.length, unit: 'files' });
  }
  const duplicates = await database.numbers(
    `SELECT count(*) - count(DISTINCT (entity, item, ts, label)) AS n FROM ${GOOD}`,
  );
  const rejected = await database.numbers('SELECT count(*) AS n FROM rejects');
  return {
    dataset: descriptor.name,
    layout: descriptor.layout ?? null,
    files: [...files.events, ...Object.values(files.tables).flat()].map((file) => file.name),
    rows,
    dropped: rejected['n'] ? { ...loaded.dropped, 'bad rows': rejected['n'] } : loaded.dropped,
    rejects: await firstRejects(database),
    entities,
    items,
    time: sourceOrder || rows === 0 ? null : await timeProfile(database),
    labelRate: implicit || Number.isNaN(rate) ? null : rate,
    duplicates: sourceOrder ? 0 : (duplicates['n'] ?? 0),
    historyLengths: await historyLengths(database),
    columns,
    tables,
  };
}

async function columnProfile(
  database: Database,
  descriptor: ResolvedDescriptor,
  name: string,
  source: LoadedSource,
  column: LoadedSource['columns'][number],
  labels: { readonly clicks: string; readonly rest: string; readonly rows: number } | undefined,
): Promise<ColumnProfile> {
  const relation = `(SELECT * FROM ${ident(source.table)} WHERE fault = 0)`;
  const stats = await columnStats(database, relation, column.loaded);
  const use = columnRoles(descriptor, name, column.name);
  const judged = use.roles.every((role) => role === 'feature' || role === 'unused');
  const joined =
    name === 'events' ? `${GOOD} e` : `${GOOD} e JOIN ${relation} t ON ${joinedOn(descriptor, name)} = t.key`;
  const value = `${name === 'events' ? 'e' : 't'}.${ident(column.loaded)}`;
  const auc =
    labels === undefined || !judged
      ? null
      : await singleColumnAuc(
          database,
          {
            relation: `(SELECT ${value} AS value, ${labels.clicks} AS clicks, ${labels.rest} AS rest, e.rid AS id, ${halfOf('e.rid')} AS half FROM ${joined})`,
            rows: labels.rows,
          },
          name === 'events' ? stats : { ...stats, present: labels.rows },
        );
  return { source: name, name: column.name, ...use, ...stats, auc };
}

async function tableProfile(
  database: Database,
  descriptor: ResolvedDescriptor,
  name: string,
  source: LoadedSource,
): Promise<TableProfile> {
  const table = `(SELECT key FROM ${ident(source.table)} WHERE fault = 0)`;
  const { rows = 0, repeated = 0 } = await database.numbers(
    `SELECT coalesce(sum(n), 0) AS rows, count(*) FILTER (n > 1) AS repeated FROM (SELECT count(*) AS n FROM ${table} GROUP BY key)`,
  );
  const { unmatched = 0 } = await database.numbers(
    `SELECT count(*) AS unmatched FROM ${GOOD} e WHERE NOT EXISTS (FROM ${table} t WHERE t.key = ${joinedOn(descriptor, name)})`,
  );
  const { on } = descriptor.tables[name]!;
  return { name, on, rows, repeatedKeys: repeated, unmatchedEvents: unmatched };
}

function joinedOn(descriptor: ResolvedDescriptor, table: string): string {
  const { on } = descriptor.tables[table]!;
  return `e.${on === 'entity' || on === 'item' ? on : ident(tableKeyColumn(table))}`;
}

async function timeProfile(database: Database): Promise<TimeProfile> {
  const {
    low = 0,
    high = 0,
    distinct = 0,
  } = await database.numbers(
    `SELECT min(ts) AS low, max(ts) AS high, count(DISTINCT ts) AS "distinct" FROM ${GOOD}`,
  );
  const { tied = 0 } = await database.numbers(
    `SELECT coalesce(sum(n) FILTER (n > 1), 0) AS tied FROM (SELECT count(*) AS n FROM ${GOOD} GROUP BY entity, ts)`,
  );
  return {
    from: new Date(low).toISOString(),
    to: new Date(high).toISOString(),
    days: (high - low) / 86_400_000,
    distinct,
    tied,
  };
}

async function firstRejects(database: Database): Promise<readonly string[]> {
  const rows = await database.rows(
    `SELECT file, line, "column", value, reason FROM rejects ORDER BY rowid LIMIT ${SHOWN_REJECTS}`,
  );
  return rows.map(({ file, line, column, value, reason }) => {
    const shown = value === null ? 'the empty value' : `"${String(value).slice(0, 60)}"`;
    return `${file}:${line}${column ? ` column "${column}"` : ''}: ${shown} is ${reason}`;
  });
}
