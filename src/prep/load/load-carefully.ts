// The slow way into a table: every row's line is known, bad rows are named, the others kept.
import { join } from 'node:path';
import { csvFile, parquetFile } from '../../database/files.js';
import { quoted } from '../../database/sql.js';
import { UserError } from '../../errors.js';
import { readJsonCarefully } from '../sources/careful-json.js';
import { readCarefully } from '../sources/careful-reader.js';
import { firstLine } from '../sources/column-names.js';
import { jsonColumn, jsonText } from '../sources/nested-values.js';
import { RAW_ROW, rawAlias } from '../sources/raw-relation.js';
import type { SourceFile } from '../sources/source-file.js';
import { insertRows, type LoadContext } from './insert-rows.js';
import { FIRST_DROP, faultCode, type LoadPlan } from './plan.js';
import { staged } from './raw-columns.js';

const FAULT_COLUMNS = ['line', 'column', 'value', 'reason', 'row'];

/** Column that holds a row as it stands in the file. */
const RAW_TEXT = 'raw_text';

/** Code of a row is that of a fault. */
const IS_FAULT = `code BETWEEN 1 AND ${FIRST_DROP - 1}`;

/**
 * Notes the bad rows of a file in `context.rejects` and appends the good ones to `target`; none once bad rows stop the run.
 * `relation` is the fast reader's, for formats that know their rows' places.
 */
export async function loadCarefully(
  context: LoadContext,
  file: SourceFile,
  plan: LoadPlan,
  target: string,
  names: readonly string[],
  relation: string,
): Promise<void> {
  const { database, rejects } = context;
  const before = rejects.count();
  const rows =
    file.source.format === 'parquet' ? numbered(file, relation) : await readAgain(context, file, plan, names);
  const values = staged(rows, plan, false);
  const judged = `(SELECT *, ${faultCode(plan)} AS code FROM ${values})`;
  if (plan.faults.length > 0) {
    const pick = (values: readonly string[]): string =>
      `CASE code ${values.map((value, index) => `WHEN ${index + 1} THEN ${value}`).join(' ')} END`;
    const columns = pick(plan.faults.map((fault) => quoted(fault.column)));
    const raw = pick(plan.faults.map((fault) => rawAlias(plan.used.indexOf(fault.column))));
    const reasons = pick(plan.faults.map((fault) => quoted(fault.reason)));
    await rejects.add(
      `SELECT ${quoted(file.name)}, line, ${columns}, ${raw}, ${reasons}, ${RAW_TEXT} FROM ${judged} WHERE ${IS_FAULT}`,
    );
  }
  // The fast reader may have refused what this one accepts, mixed line ends for example: then its rows are good.
  if (rejects.stops && rejects.count() > before) return;
  const failure = await insertRows(database, target, plan, `(SELECT * FROM ${judged} WHERE NOT ${IS_FAULT})`);
  if (failure !== undefined) throw damaged(file, failure);
}

/** Rows of a Parquet file with their numbers, and each as JSON. */
const numbered = ({ path }: SourceFile, relation: string): string =>
  `(SELECT r.* EXCLUDE (${RAW_ROW}), ${RAW_ROW} + 1 AS line, CAST(to_json(f) AS VARCHAR) AS ${RAW_TEXT}
    FROM ${relation} r POSITIONAL JOIN ${parquetFile(path)} f)`;

/** Reads the file with the careful reader; the result is SQL over u0, u1, … and `line`. */
async function readAgain(
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
  const json = file.source.format === 'jsonl';
  const result = json
    ? await readJsonCarefully(database, file, plan.used, paths, rejects.room())
    : await readCarefully(database, file, names, plan.used, paths, rejects.room());
  if (result.otherWidth !== undefined) throw otherWidth(file, names, result.otherWidth);
  if (result.faults > 0)
    await rejects.add(
      `SELECT ${quoted(file.name)}, line, "column", value, reason, "row" FROM ${ownCsv(paths.faults, FAULT_COLUMNS)}`,
    );
  if (!json)
    return `(FROM ${ownCsv(paths.rows, ['line', RAW_TEXT, ...plan.used.map((_name, index) => rawAlias(index))])})`;
  const picked = plan.used.map((name, index) => {
    const value = jsonColumn(`CAST(${RAW_TEXT} AS JSON)`, name);
    return `${jsonText(value)} AS ${rawAlias(index)}`;
  });
  return `(SELECT ${['line', RAW_TEXT, ...picked].join(', ')} FROM ${ownCsv(paths.rows, ['line', RAW_TEXT])})`;
}

/** One error for a file whose rows all have another number of fields: its delimiter or its columns are wrong, not its rows. */
function otherWidth(file: SourceFile, names: readonly string[], width: number): UserError {
  const { delimiter, header } = file.source;
  return new UserError({
    code: 'DATA_OTHER_WIDTH',
    where: file.name,
    what: `Every row has ${width} field(s) between ${JSON.stringify(delimiter)}, but ${header ? 'the header names' : 'the descriptor lists'} ${names.length}.`,
    next: header
      ? 'Correct "delimiter" or "quote"; where rows have a name or a comma more than the header, use "skip: 1", "header: false" and list the columns.'
      : 'Correct "delimiter", "quote" or the list of columns in the descriptor.',
  });
}

/** A file that a careful reader wrote. */
function ownCsv(path: string, columns: readonly string[]): string {
  const types = columns.map((column) => `${quoted(column)}: '${column === 'line' ? 'BIGINT' : 'VARCHAR'}'`);
  return csvFile(
    path,
    'auto_detect = false',
    'header = false',
    "new_line = '\\n'",
    "delim = ','",
    `quote = '"'`,
    `escape = '"'`,
    'max_line_size = 33554432',
    'buffer_size = 33554432',
    `columns = {${types.join(', ')}}`,
  );
}

export function damaged(file: SourceFile, error: unknown): UserError {
  return new UserError({
    code: 'DATA_FILE_DAMAGED',
    where: file.name,
    what: `The file cannot be read as ${file.source.format}: ${firstLine(error)}`,
    next: 'Fetch it again, or correct its format in the descriptor.',
  });
}
