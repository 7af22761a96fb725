// Reads a raw log as prep would, and every other raw column beside it, so that unused columns can be judged too.

import type { Database } from '../../database/database.js';
import type { ResolvedDescriptor } from '../../prep/descriptor/resolve.js';
import { planEvents } from '../../prep/load/event-plan.js';
import type { LoadContext } from '../../prep/load/insert-rows.js';
import { countDrops, createTarget, loadFile } from '../../prep/load/load-file.js';
import { tableDrops } from '../../prep/load/load-tables.js';
import type { LoadPlan } from '../../prep/load/plan.js';
import { present, rawColumns } from '../../prep/load/raw-columns.js';
import { columnNames } from '../../prep/sources/column-names.js';
import type { ListedFiles } from '../../prep/sources/find-sources.js';
import { rawAlias } from '../../prep/sources/raw-relation.js';
import type { SourceFile } from '../../prep/sources/source-file.js';

/** A raw column and the column of the loaded table that holds its text, NULL where there is no value. */
interface RawColumn {
  readonly name: string;
  readonly loaded: string;
}

export interface LoadedSource {
  /** Table of the database. */
  readonly table: string;
  readonly columns: readonly RawColumn[];
}

export interface LoadedLog {
  readonly events: LoadedSource;
  readonly tables: Readonly<Record<string, LoadedSource>>;
  readonly dropped: Readonly<Record<string, number>>;
}

/** Loads events into `loaded` and side tables into `side_<name>`. Bad rows are left out and kept in `rejects`. */
export async function loadForProfile(
  context: LoadContext,
  descriptor: ResolvedDescriptor,
  files: ListedFiles,
): Promise<LoadedLog> {
  const events = await loadSource(context, 'loaded', files.events, descriptor.events.missing, (file) =>
    planEvents(descriptor, file?.split),
  );
  const dropped: Record<string, number> = {
    ...(await countDrops(context.database, 'loaded', planEvents(descriptor, undefined).drops)),
  };
  const tables: Record<string, LoadedSource> = {};
  for (const [name, table] of Object.entries(descriptor.tables)) {
    const { used, raw } = rawColumns();
    const key = present(raw(table.key), table.missing);
    const plan: LoadPlan = {
      used,
      columns: [{ name: 'key', type: 'VARCHAR', sql: key }],
      faults: [{ column: table.key, when: `${key} IS NULL`, reason: 'no key: the value is missing' }],
      drops: tableDrops(name, table, raw),
    };
    const target = `side_${name}`;
    tables[name] = await loadSource(context, target, files.tables[name] ?? [], table.missing, () => plan);
    Object.assign(dropped, await countDrops(context.database, target, plan.drops));
  }
  return { events, tables, dropped };
}

async function loadSource(
  context: LoadContext,
  table: string,
  files: readonly SourceFile[],
  missing: readonly string[],
  planOf: (file: SourceFile | undefined) => LoadPlan,
): Promise<LoadedSource> {
  const { database } = context;
  const columns = await sharedColumns(database, files);
  const widened = (plan: LoadPlan): LoadPlan => widen(plan, columns, missing);
  await createTarget(database, table, widened(planOf(files[0])));
  for (const file of files) await loadFile(context, file, widened(planOf(file)), table);
  return { table, columns };
}

/** Columns that occur once in every file. */
async function sharedColumns(
  database: Database,
  files: readonly SourceFile[],
): Promise<readonly RawColumn[]> {
  let shared: readonly string[] | undefined;
  for (const file of files) {
    const names = await columnNames(database, file);
    const once = names.filter((name) => names.indexOf(name) === names.lastIndexOf(name));
    shared = shared?.filter((name) => once.includes(name)) ?? once;
  }
  return (shared ?? []).map((name, index) => ({ name, loaded: `x${index}` }));
}

function widen(plan: LoadPlan, columns: readonly RawColumn[], missing: readonly string[]): LoadPlan {
  const used = [...plan.used];
  const added = columns.map(({ name, loaded }) => {
    if (!used.includes(name)) used.push(name);
    return {
      name: loaded,
      type: 'VARCHAR' as const,
      sql: present(rawAlias(used.indexOf(name)), missing),
    };
  });
  return { ...plan, used, typed: [], columns: [...plan.columns, ...added] };
}
