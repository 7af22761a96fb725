// One raw file into a table: fast where it is clean, carefully where it is not.
import { join } from 'node:path';
import { UserError } from '../../errors.js';
import type { Database } from '../database/database.js';
import { ident, text } from '../database/sql.js';
import { readJsonCarefully } from '../sources/careful-json.js';
import { readCarefully } from '../sources/careful-reader.js';
import { columnNames, firstLine, requireColumns } from '../sources/column-names.js';
import { jsonText, RAW_ROW, rawAlias, rawRelation } from '../sources/raw-relation.js';
import type { SourceFile } from '../sources/source-file.js';
import { FIRST_DROP, faultCode, type LoadPlan } from './plan.js';
import type { Rejects } from './rejects.js';

export interface LoadContext {
  readonly database: Database;
  /** Folder for intermediate files. */
  readonly workDirectory: string;
  readonly rejects: Rejects;
}

/** Makes the empty table that `loadFile` fills: the plan's columns and `fault`. */
export async function createTarget(database: Database, target: string, plan: LoadPlan): Promise<void> {
  const columns = plan.columns.map(({ name, type }) => `${ident(name)} ${type}`);
  await database.run(`CREATE TABLE ${ident(target)} (${[...columns, 'fault USMALLINT'].join(', ')})`);
}

/**
 * Appends the rows of a file to `target` in file order. Bad rows are left out and noted in `context.rejects`.
 * Throws `UserError` for a file that cannot be read at all.
 */
export async function loadFile(
  context: LoadContext,
  file: SourceFile,
  plan: LoadPlan,
  target: string,
): Promise<void> {
  const { database } = context;
  const names = await columnNames(database, file);
  requireColumns(file, names, plan.used);
  const relation = await rawRelation(database, file, names, plan.used);
  const { first } = await database.numbers(
    `SELECT coalesce(max(rowid) + 1, 0) AS first FROM ${ident(target)}`,
  );
  const failure = await insert(database, target, plan, relation);
  if (failure === undefined) {
    const { bad } = await database.numbers(
      `SELECT count(*) AS bad FROM ${ident(target)} WHERE rowid >= ${first} AND fault BETWEEN 1 AND ${FIRST_DROP - 1}`,
    );
    if (bad === 0) return;
    await database.run(`DELETE FROM ${ident(target)} WHERE rowid >= ${first}`);
  }
  if (failure !== undefined && file.source.format === 'parquet') throw damaged(file, failure);
  await loadCarefully(context, file, plan, target, names, relation, failure);
}

async function insert(
  database: Database,
  target: string,
  plan: LoadPlan,
  relation: string,
): Promise<unknown> {
  const columns = plan.columns.map(({ sql }) => sql);
  try {
    await database.run(
      `INSERT INTO ${ident(target)} SELECT ${[...columns, faultCode(plan)].join(', ')} FROM ${relation}`,
    );
    return undefined;
  } catch (error) {
    if (/no space left|out of memory|failed to allocate/i.test(String(error))) throw error;
    return error;
  }
}

async function loadCarefully(
  context: LoadContext,
  file: SourceFile,
  plan: LoadPlan,
  target: string,
  names: readonly string[],
  relation: string,
  failure: unknown,
): Promise<void> {
  const { database, rejects } = context;
  const before = await rejects.count();
  const staged =
    file.source.format === 'parquet' ? numbered(relation, RAW_ROW) : await stage(context, file, plan, names);
  const faulty = plan.faults.map((_fault, index) => index + 1);
  if (faulty.length > 0) {
    const pick = (values: readonly string[]): string =>
      `CASE code ${values.map((value, index) => `WHEN ${index + 1} THEN ${value}`).join(' ')} END`;
    const columns = pick(plan.faults.map((fault) => text(fault.column)));
    const values = pick(plan.faults.map((fault) => rawAlias(plan.used.indexOf(fault.column))));
    const reasons = pick(plan.faults.map((fault) => text(fault.reason)));
    await rejects.add(
      `SELECT ${text(file.name)}, line, ${columns}, ${values}, ${reasons}
         FROM (SELECT *, ${faultCode(plan)} AS code FROM ${staged}) WHERE code BETWEEN 1 AND ${FIRST_DROP - 1}`,
    );
  }
  const after = await rejects.count();
  if (failure !== undefined && after === before) {
    // The fast reader refused what the careful one accepts, e.g. mixed line ends: take the careful one's rows.
    const again = await insert(database, target, plan, staged);
    if (again !== undefined) throw damaged(file, again);
    return;
  }
  if (rejects.stops) return;
  const kept = `(SELECT * FROM (SELECT *, ${faultCode(plan)} AS code FROM ${staged}) WHERE code NOT BETWEEN 1 AND ${FIRST_DROP - 1})`;
  const again = await insert(database, target, plan, kept);
  if (again !== undefined) throw damaged(file, again);
}

const numbered = (relation: string, column: string): string =>
  `(SELECT * EXCLUDE (${column}), ${column} + 1 AS line FROM ${relation})`;

/** Reads the file with the careful reader; the result is SQL over u0, u1, … and `line`. */
async function stage(
  context: LoadContext,
  file: SourceFile,
  plan: LoadPlan,
  names: readonly string[],
): Promise<string> {
  const { database, workDirectory, rejects } = context;
  const number = rejects.nextStage();
  const paths = {
    rows: join(workDirectory, `careful-${number}-rows.csv`),
    faults: join(workDirectory, `careful-${number}-faults.csv`),
  };
  const csv = (path: string, columns: readonly string[]): string =>
    `read_csv(${text(path)}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', max_line_size = 33554432, buffer_size = 33554432,
      columns = {${columns.map((column) => `${text(column)}: '${column === 'line' ? 'BIGINT' : 'VARCHAR'}'`).join(', ')}})`;
  const json = file.source.format === 'jsonl';
  const result = json
    ? await readJsonCarefully(database, file, paths, rejects.room())
    : await readCarefully(database, file, names, plan.used, paths, rejects.room());
  if (result.faults > 0)
    await rejects.add(
      `SELECT ${text(file.name)}, line, "column", value, reason FROM ${csv(paths.faults, ['line', 'column', 'value', 'reason'])}`,
    );
  if (!json)
    return `(SELECT * FROM ${csv(paths.rows, ['line', ...plan.used.map((_name, index) => rawAlias(index))])})`;
  const picked = plan.used.map((name, index) => {
    const value = `json_extract(CAST(json AS JSON), ${text(`$."${name}"`)})`;
    return `${jsonText(value)} AS ${rawAlias(index)}`;
  });
  return `(SELECT line, ${picked.join(', ')} FROM ${csv(paths.rows, ['line', 'json'])})`;
}

function damaged(file: SourceFile, error: unknown): UserError {
  return new UserError({
    code: 'DATA_FILE_DAMAGED',
    where: file.name,
    what: `The file cannot be read as ${file.source.format}: ${firstLine(error)}`,
    next: 'Fetch it again, or correct its format in the descriptor.',
  });
}
