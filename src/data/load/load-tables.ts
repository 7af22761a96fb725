// Side tables, each into `table_<name>` with `key` and one raw column a feature.
import { UserError } from '../../errors.js';
import { ident } from '../database/sql.js';
import type { ResolvedDescriptor } from '../resolve-descriptor.js';
import type { SourceFile } from '../sources/source-file.js';
import { keeps } from './expressions.js';
import { planFeature } from './feature-column.js';
import { createTarget, type LoadContext, loadFile } from './load-file.js';
import { FIRST_DROP, type LoadPlan } from './plan.js';
import { rawColumns } from './raw-columns.js';

export const tableName = (table: string): string => `table_${table}`;

/** Loads every side table; returns how many rows were rejected, by reason. Throws `UserError` DATA_DUPLICATE_KEY where a key must be unique and is not. */
export async function loadTables(
  context: LoadContext,
  descriptor: ResolvedDescriptor,
  files: Readonly<Record<string, readonly SourceFile[]>>,
): Promise<Readonly<Record<string, number>>> {
  const { database } = context;
  const rejected: Record<string, number> = {};
  for (const [name, table] of Object.entries(descriptor.tables)) {
    const plan = planTable(descriptor, name);
    const target = tableName(name);
    await createTarget(database, target, plan);
    const before = await context.rejects.count();
    for (const file of files[name] ?? []) await loadFile(context, file, plan, target);
    await context.rejects.stopIfAny();
    rejected[`rejected rows of table ${name}`] = (await context.rejects.count()) - before;
    if (table.duplicates === 'error') await refuseDuplicates(context, name, files[name]?.[0]?.name ?? name);
    const order = table.duplicates === 'last' ? 'DESC' : 'ASC';
    await database.run(
      `CREATE OR REPLACE TABLE ${ident(target)} AS SELECT * EXCLUDE (fault) FROM ${ident(target)} WHERE fault = 0
        QUALIFY row_number() OVER (PARTITION BY key ORDER BY rowid ${order}) = 1`,
    );
  }
  return rejected;
}

function planTable(descriptor: ResolvedDescriptor, name: string): LoadPlan {
  const table = descriptor.tables[name]!;
  const raw = rawColumns();
  const key = raw.text(table.key, table.missing);
  const features = descriptor.features.flatMap((feature) =>
    'from' in feature && feature.from === name ? [planFeature(feature, table.missing, raw)] : [],
  );
  const drops = table.where.map((filter) => ({
    reason: `rows filtered by ${filter.column}`,
    when: `NOT ${keeps(raw.raw(filter.column), filter)}`,
  }));
  return {
    ...raw.plan(),
    columns: [{ name: 'key', type: 'VARCHAR', sql: key }, ...features.map((plan) => plan.column)],
    faults: [
      { column: table.key, when: `${key} IS NULL`, reason: 'no key: the value is missing' },
      ...features.flatMap((plan) => plan.faults),
    ],
    drops,
  };
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
