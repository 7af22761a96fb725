// Side tables, each into `table_<name>` with `key` and one raw column a feature.

import type { Database } from '../../database/database.js';
import { ident } from '../../database/sql.js';
import { UserError } from '../../errors.js';
import type { ResolvedDescriptor } from '../descriptor/resolve.js';
import type { TableDescriptor } from '../descriptor/source.js';
import type { SourceFile } from '../sources/source-file.js';
import { keeps } from './expressions.js';
import { planFeature } from './feature-column.js';
import { idPart } from './ids.js';
import type { LoadContext } from './insert-rows.js';
import { countDrops, createTarget, loadFile } from './load-file.js';
import { nulFault } from './nul.js';
import { type Drop, FIRST_DROP, type LoadPlan } from './plan.js';
import { rawColumns } from './raw-columns.js';

export const tableName = (table: string): string => `table_${table}`;

/** Loads every side table; returns how many rows were left out, by reason. Throws `UserError` DATA_DUPLICATE_KEY where a key must be unique and is not. */
export async function loadTables(
  context: LoadContext,
  descriptor: ResolvedDescriptor,
  files: Readonly<Record<string, readonly SourceFile[]>>,
): Promise<Readonly<Record<string, number>>> {
  const { database } = context;
  const dropped: Record<string, number> = {};
  for (const [name, table] of Object.entries(descriptor.tables)) {
    const plan = planTable(descriptor, name);
    const target = tableName(name);
    await createTarget(database, target, plan);
    const before = context.rejects.count();
    for (const file of files[name] ?? []) await loadFile(context, file, plan, target);
    await context.rejects.stopIfAny();
    dropped[`rejected rows of table ${name}`] = context.rejects.count() - before;
    Object.assign(dropped, await countDrops(database, target, plan.drops));
    if (table.duplicates === 'error') await refuseDuplicates(context, name, files[name]?.[0]?.name ?? name);
    else dropped[`repeated keys of table ${name}`] = await repeatedKeys(context, name);
    await keepOneRowAKey(database, target, table.duplicates);
  }
  return dropped;
}

export function planTable(descriptor: ResolvedDescriptor, name: string): LoadPlan {
  const table = descriptor.tables[name]!;
  const raw = rawColumns();
  const held = raw.text(table.key, table.missing);
  // IDs of the log lose a ".0" under `ids: whole`, so the keys that are matched with them must.
  const { on } = table;
  const key = on === 'entity' || on === 'item' ? idPart(held, descriptor.columns.ids, on).sql : held;
  const nested = table.format !== 'csv';
  const features = descriptor.features.flatMap((feature) =>
    'from' in feature && feature.from === name ? [planFeature(feature, table.missing, raw, nested)] : [],
  );
  return {
    ...raw.plan(),
    columns: [{ name: 'key', type: 'VARCHAR', sql: key }, ...features.map((plan) => plan.column)],
    faults: [
      { column: table.key, when: `${held} IS NULL`, reason: 'no key: the value is missing' },
      nulFault(table.key, held),
      ...features.flatMap((plan) => plan.faults),
    ],
    drops: tableDrops(name, table, raw.raw),
  };
}

/** The filters of a side table; `raw` gives the SQL of a raw column. */
export function tableDrops(
  name: string,
  { where }: TableDescriptor,
  raw: (column: string) => string,
): readonly Drop[] {
  return where.map((filter) => ({
    reason: `rows of table ${name} filtered by ${filter.column}`,
    when: `NOT ${keeps(raw(filter.column), filter)}`,
  }));
}

/** Leaves the good rows, one a key; a table of nothing else, which most are, is not written again. */
async function keepOneRowAKey(
  database: Database,
  target: string,
  duplicates: TableDescriptor['duplicates'],
): Promise<void> {
  const table = ident(target);
  await database.run(`DELETE FROM ${table} WHERE fault <> 0`);
  await database.run(`ALTER TABLE ${table} DROP fault`);
  if (duplicates === 'error') return;
  const order = duplicates === 'last' ? 'DESC' : 'ASC';
  await database.run(
    `DELETE FROM ${table} WHERE rowid IN (SELECT rowid AS row FROM ${table} QUALIFY row_number() OVER (PARTITION BY key ORDER BY rowid ${order}) > 1)`,
  );
}

async function repeatedKeys({ database }: LoadContext, name: string): Promise<number> {
  const { n = 0 } = await database.numbers(
    `SELECT count(*) - count(DISTINCT key) AS n FROM ${ident(tableName(name))} WHERE fault = 0`,
  );
  return n;
}

async function refuseDuplicates(context: LoadContext, name: string, file: string): Promise<void> {
  const rows = await context.database.rows(
    `SELECT key, count(*) AS copies FROM ${ident(tableName(name))} WHERE fault < ${FIRST_DROP}
      GROUP BY key HAVING count(*) > 1 ORDER BY min(rowid) LIMIT 5`,
  );
  if (rows.length === 0) return;
  const shown = rows.map((row) => `"${row['key']}" (${row['copies']} rows)`).join(', ');
  throw new UserError({
    code: 'DATA_DUPLICATE_KEY',
    where: file,
    what: `Table "${name}" must have one row a key, but has several for ${shown}.`,
    next: 'Set "duplicates: first" or "last" on the table, or correct its key.',
  });
}
