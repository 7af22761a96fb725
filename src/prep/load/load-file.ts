// One raw file into a table: fast where it is clean, carefully where it is not.

import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Database } from '../../database/database.js';
import { ident } from '../../database/sql.js';
import { columnNames, requireColumns } from '../sources/column-names.js';
import { hasLaterComment, linesBefore } from '../sources/leading-lines.js';
import { rawRelation } from '../sources/raw-relation.js';
import type { SourceFile } from '../sources/source-file.js';
import { isDecoded, utf8Bytes } from '../sources/text-lines.js';
import type { LoadContext } from './insert-rows.js';
import { insertRows } from './insert-rows.js';
import { damaged, loadCarefully } from './load-carefully.js';
import { type Drop, FIRST_DROP, type LoadPlan } from './plan.js';
import { staged } from './raw-columns.js';

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
  const names = await columnNames(database, file, plan.used);
  requireColumns(file, names, plan.used);
  const { first } = await database.numbers(
    `SELECT coalesce(max(rowid) + 1, 0) AS first FROM ${ident(target)}`,
  );
  const readable = await readableByDatabase(context, file);
  const relation = await rawRelation(database, readable, names, plan.used);
  const failure = (await needsCare(database, file))
    ? new Error('comments among the rows')
    : await loadFast(database, readable, plan, target, names, relation);
  if (failure === undefined) {
    const { bad } = await database.numbers(
      `SELECT count(*) AS bad FROM ${ident(target)} WHERE rowid >= ${first} AND fault BETWEEN 1 AND ${FIRST_DROP - 1}`,
    );
    if (bad === 0) return;
    await database.run(`DELETE FROM ${ident(target)} WHERE rowid >= ${first}`);
  }
  if (failure !== undefined && file.source.format === 'parquet') throw damaged(file, failure);
  await loadCarefully(context, file, plan, target, names, relation);
}

/** The file, or a copy of it in UTF-8 where the database does not know its encoding. */
async function readableByDatabase(context: LoadContext, file: SourceFile): Promise<SourceFile> {
  const { encoding, format } = file.source;
  const isRead = format === 'csv' ? !isDecoded(encoding) : encoding === 'utf-8';
  if (format === 'parquet' || isRead) return file;
  const path = join(context.workDirectory, `utf8-${context.rejects.nextStage()}.txt`);
  await pipeline(utf8Bytes(context.database, file.path, encoding), createWriteStream(path));
  return { ...file, path, source: { ...file.source, encoding: 'utf-8' } };
}

/** Whether only the careful reader knows what is a row. */
async function needsCare(database: Database, file: SourceFile): Promise<boolean> {
  const { comment, format } = file.source;
  if (format !== 'csv' || comment === undefined) return false;
  return hasLaterComment(database, file, await linesBefore(database, file));
}

/** Lets the reader itself turn text into numbers, which is fastest; where it refuses a value, reads everything as text. */
async function loadFast(
  database: Database,
  file: SourceFile,
  plan: LoadPlan,
  target: string,
  names: readonly string[],
  relation: string,
): Promise<unknown> {
  const typed = plan.typed ?? [];
  if (file.source.format === 'csv' && typed.length > 0) {
    const numbers = await rawRelation(database, file, names, plan.used, typed);
    if ((await insertRows(database, target, plan, staged(numbers, plan, true))) === undefined)
      return undefined;
  }
  return insertRows(database, target, plan, staged(relation, plan, false));
}

/** Rows of a loaded table that were left out for one of `drops`; filters on one column count together. */
export async function countDrops(
  database: Database,
  table: string,
  drops: readonly Drop[],
): Promise<Readonly<Record<string, number>>> {
  const dropped: Record<string, number> = {};
  if (drops.length === 0) return dropped;
  const counts = await database.rows(
    `SELECT fault, count(*) AS n FROM ${ident(table)} WHERE fault >= ${FIRST_DROP} GROUP BY fault ORDER BY fault`,
  );
  for (const { fault, n } of counts) {
    const reason = drops[Number(fault) - FIRST_DROP]?.reason ?? 'other';
    dropped[reason] = (dropped[reason] ?? 0) + Number(n);
  }
  return dropped;
}
