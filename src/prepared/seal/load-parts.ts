// Parquet files of one table into a scratch table, each held to its columns and rows before it is taken.
import type { Database } from '../../database/database.js';
import { parquetFile } from '../../database/files.js';
import { ident } from '../../database/sql.js';
import type { UserError } from '../../errors.js';
import type { Progress } from '../../progress.js';
import { fileColumns, invalid, neverNull, type RowRule, rowFaults } from '../verify/row-rules.js';
import type { WantedColumn } from './column-casts.js';
import type { Part } from './find-parts.js';

interface TableRules {
  /** Columns of a file. */
  columns(part: Part): readonly WantedColumn[];
  /** Columns that may not be NULL once they are read. */
  readonly full: readonly string[];
  /** What a row must not be, in columns as they are read. */
  readonly rules: readonly RowRule[];
  /** Columns that may be there and are not taken. */
  readonly unwanted: readonly string[];
}

/** Where a row of a scratch table comes from: the number of its file, and its place in it. No feature has such a name. */
export const FILE = ident('part.file');
export const ROW = ident('part.row');

/** Faults after which no further file is read. */
const ENOUGH = 20;

/**
 * Makes `table` with the columns, FILE and ROW. Columns that are read by nobody are told of, once.
 * Returns the faults of the files: with any, the table is not whole.
 */
export async function loadParts(
  database: Database,
  table: string,
  parts: readonly Part[],
  rules: TableRules,
  progress: Progress,
): Promise<readonly UserError[]> {
  const types = rules.columns(parts[0]!).map(({ name, type }) => `${ident(name)} ${type}`);
  await database.run(`CREATE TABLE ${ident(table)} (${types.join(', ')}, ${FILE} INTEGER, ${ROW} BIGINT)`);
  const faults: UserError[] = [];
  const unread = new Set<string>();
  for (const [file, part] of parts.entries()) {
    if (faults.length >= ENOUGH) break;
    faults.push(...(await loadPart(database, table, part, file, rules, unread)));
  }
  if (unread.size > 0)
    progress({
      kind: 'note',
      text: `${parts[0]!.path}: columns that are not read: ${[...unread].join(', ')}`,
    });
  return faults;
}

async function loadPart(
  database: Database,
  table: string,
  part: Part,
  file: number,
  { columns, full, rules, unwanted }: TableRules,
  unread: Set<string>,
): Promise<readonly UserError[]> {
  const { path } = part;
  const wanted = columns(part);
  const found = await fileColumns(database, path);
  const faults: UserError[] = [];
  const read = wanted.map((column) => {
    const { otherwise, expected, from: name = column.name } = column;
    const type = found.get(name);
    const sql = type === undefined ? otherwise : column.cast(ident(name), type);
    if (sql === undefined)
      faults.push(
        invalid(
          path,
          type === undefined
            ? `There is no column "${name}" (${expected}).`
            : `Column "${name}" is ${type}, not ${expected}.`,
        ),
      );
    const { rule, ...rest } = column;
    // What stands for a column that is not there is right.
    return { ...rest, given: ident(name), sql: sql ?? 'NULL', rule: type === undefined ? undefined : rule };
  });
  const known = new Set([...wanted.map(({ name, from = name }) => from), ...unwanted]);
  for (const name of found.keys()) if (!known.has(name)) unread.add(name);
  if (faults.length > 0) return faults;
  const source = parquetFile(path, 'file_row_number = true');
  const taken = read.map(({ name, sql, type }) => `CAST(${sql} AS ${type}) AS ${ident(name)}`);
  const broken = read.flatMap(({ name, sql, given, rule }) =>
    rule === undefined
      ? []
      : [
          `(${rule.broken.replace(/\bgiven\b/g, given).replace(/\btaken\b/g, `(${sql})`)}) AS ${ident(`broken.${name}`)}`,
        ],
  );
  const casts: readonly RowRule[] = read.flatMap(({ name, rule }) =>
    rule === undefined ? [] : [{ broken: ident(`broken.${name}`), what: rule.what }],
  );
  const nulls = neverNull(full).map((rule, n) => {
    const column = full[n]!;
    const cast = casts.length > 0 && read.find(({ name }) => name === column)?.rule !== undefined;
    // One that could not be read is told of as that.
    return cast
      ? { ...rule, broken: `${rule.broken} AND NOT coalesce(${ident(`broken.${column}`)}, false)` }
      : rule;
  });
  const relation = `(SELECT file_row_number AS "row", ${[...taken, ...broken].join(', ')} FROM ${source})`;
  faults.push(...(await rowFaults(database, path, relation, [...casts, ...nulls, ...rules])));
  if (faults.length === 0)
    await database.run(
      `INSERT INTO ${ident(table)} SELECT ${taken.join(', ')}, ${file}, file_row_number FROM ${source}`,
    );
  return faults;
}

/** Rows of one file are told apart from another's below so many. */
const MOST_ROWS = 2 ** 33;

/** Faults of rows across files: `relation` has FILE and ROW. */
export async function loadedFaults(
  database: Database,
  files: readonly string[],
  relation: string,
  rules: readonly RowRule[],
): Promise<readonly UserError[]> {
  const counted = rules.flatMap(({ broken }, n) => [
    `count(*) FILTER (${broken}) AS n${n}`,
    `min(${FILE} * ${MOST_ROWS} + ${ROW}) FILTER (${broken}) AS first${n}`,
  ]);
  const found = await database.numbers(`SELECT ${counted.join(', ')} FROM ${relation}`);
  return rules.flatMap(({ what }, n) => {
    const rows = found[`n${n}`] ?? 0;
    if (rows === 0) return [];
    const first = found[`first${n}`]!;
    const file = Math.floor(first / MOST_ROWS);
    const which = `row ${first - file * MOST_ROWS} of this file, counted from 0,`;
    const who = rows === 1 ? `R${which.slice(1)}` : `${rows} rows, the first of them ${which}`;
    return [invalid(files[file]!, `${who} ${what}.`)];
  });
}
