// SQL that reads one raw file as text columns u0, u1, … in the order asked for. Names never reach DuckDB, which folds their case.

import type { Database } from '../../database/database.js';
import { csvFile, jsonLinesFile, parquetFile } from '../../database/files.js';
import { ident, quoted } from '../../database/sql.js';
import type { SourceDescriptor } from '../descriptor/source.js';
import type { SourceFile } from './source-file.js';

/** Separates the members of a list (JSON array, Parquet list) when it becomes text. */
export const LIST_SEPARATOR = '\u001f';

/** Alias of the n-th column asked for. */
export const rawAlias = (index: number): string => `u${index}`;

/** Position of a row within its file, where the format itself knows it (Parquet). */
export const RAW_ROW = 'raw_row';

/**
 * A parenthesised SELECT over `file` with one VARCHAR column a name in `used`.
 * `names` are the file's columns in order, as `columnNames` found them; those in `numbers` become DOUBLE where the format is CSV.
 */
export async function rawRelation(
  database: Database,
  file: SourceFile,
  names: readonly string[],
  used: readonly string[],
  numbers: readonly string[] = [],
): Promise<string> {
  if (file.source.format === 'csv') return csvRelation(file.path, file.source, names, used, numbers);
  if (file.source.format === 'jsonl') return jsonRelation(file.path, used);
  return parquetRelation(database, file.path, used);
}

export function csvRelation(
  path: string,
  source: SourceDescriptor,
  names: readonly string[],
  used: readonly string[],
  numbers: readonly string[],
): string {
  const columns = names
    .map((name, index) => `'c${index}': '${numbers.includes(name) ? 'DOUBLE' : 'VARCHAR'}'`)
    .join(', ');
  const picked = used.map((name, index) => `c${names.indexOf(name)} AS ${rawAlias(index)}`).join(', ');
  const quote = source.quote === 'none' ? '' : source.quote;
  const options = [
    'auto_detect = false',
    `columns = {${columns}}`,
    `delim = ${quoted(source.delimiter)}`,
    `quote = ${quoted(quote)}`,
    `escape = ${quoted(quote === '' ? '' : (source.escape ?? quote))}`,
    `header = ${source.header}`,
    `encoding = ${quoted(source.encoding)}`,
    'strict_mode = true',
  ];
  return `(SELECT ${picked} FROM ${csvFile(path, ...options)})`;
}

function jsonRelation(path: string, used: readonly string[]): string {
  const columns = used.map((name) => `${quoted(name)}: 'JSON'`).join(', ');
  const picked = used.map((name, index) => `${jsonText(ident(name))} AS ${rawAlias(index)}`).join(', ');
  return `(SELECT ${picked} FROM ${jsonLinesFile(path, 'auto_detect = false', `columns = {${columns}}`)})`;
}

/** A JSON value as text: strings bare, arrays as their members joined, null as NULL. */
export function jsonText(json: string): string {
  const members = `array_to_string(json_extract_string(${json}, '$[*]'), ${quoted(LIST_SEPARATOR)})`;
  return `CASE json_type(${json}) WHEN 'ARRAY' THEN ${members} ELSE json_extract_string(${json}, '$') END`;
}

async function parquetRelation(database: Database, path: string, used: readonly string[]): Promise<string> {
  const described = await database.rows(`DESCRIBE SELECT * FROM ${parquetFile(path)}`);
  const types = new Map(described.map((row) => [String(row['column_name']), String(row['column_type'])]));
  const picked = used.map((name, index) => {
    const list = types.get(name)?.endsWith('[]') ?? false;
    const value = list
      ? `array_to_string(${ident(name)}, ${quoted(LIST_SEPARATOR)})`
      : `CAST(${ident(name)} AS VARCHAR)`;
    return `${value} AS ${rawAlias(index)}`;
  });
  const columns = [...picked, `file_row_number AS ${RAW_ROW}`].join(', ');
  return `(SELECT ${columns} FROM ${parquetFile(path, 'file_row_number = true')})`;
}
