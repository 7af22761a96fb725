// SQL that reads one raw file as text columns u0, u1, … in the order asked for. Names never reach DuckDB, which folds their case.

import type { Database } from '../../database/database.js';
import { csvFile, jsonLinesFile, parquetFile } from '../../database/files.js';
import { ident, quoted } from '../../database/sql.js';
import type { SourceDescriptor } from '../descriptor/source.js';
import { linesBefore } from './leading-lines.js';
import { jsonPath, jsonText, parquetColumn, parquetText } from './nested-values.js';
import type { SourceFile } from './source-file.js';

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
  if (file.source.format === 'csv') {
    const before = await linesBefore(database, file);
    return csvRelation(file.path, file.source, names, used, numbers, before);
  }
  if (file.source.format === 'jsonl') return jsonRelation(file.path, used);
  return parquetRelation(database, file.path, used);
}

function csvRelation(
  path: string,
  source: SourceDescriptor,
  names: readonly string[],
  used: readonly string[],
  numbers: readonly string[],
  /** Lines before the header, or before the first row where there is none. */
  before = 0,
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
    // A header after other lines is one of the lines to skip.
    ...(before > 0
      ? ['header = false', `skip = ${before + (source.header ? 1 : 0)}`]
      : [`header = ${source.header}`]),
    `encoding = ${quoted(source.encoding)}`,
    'strict_mode = true',
  ];
  return `(SELECT ${picked} FROM ${csvFile(path, ...options)})`;
}

function jsonRelation(path: string, used: readonly string[]): string {
  // A name with dots may be a key, or lead into the object of its first part.
  const keys = [
    ...new Set(used.flatMap((name) => (name.includes('.') ? [name, name.split('.')[0]!] : [name]))),
  ];
  const columns = keys.map((name) => `${quoted(name)}: 'JSON'`).join(', ');
  const picked = used.map((name, index) => {
    const [first, ...rest] = name.split('.');
    const inside = partOf(ident(first!), rest);
    const value = rest.length === 0 ? ident(name) : `coalesce(${ident(name)}, ${inside})`;
    return `${jsonText(value)} AS ${rawAlias(index)}`;
  });
  return `(SELECT ${picked.join(', ')} FROM ${jsonLinesFile(path, 'auto_detect = false', `columns = {${columns}}`)})`;
}

/**
 * SQL of a part of an object by its path. A key that an object on the way has twice makes the reader refuse the file, as it does by
 * itself for keys of the line: the careful one names the line.
 */
function partOf(object: string, path: readonly string[]): string {
  const repeats = path.map((key, depth) => {
    const holder = depth === 0 ? object : `json_extract(${object}, ${jsonPath(path.slice(0, depth))})`;
    return `len(list_filter(json_keys(${holder}), lambda key: key = ${quoted(key)})) > 1`;
  });
  return `CASE WHEN ${repeats.join(' OR ')} THEN error('a key more than once') ELSE json_extract(${object}, ${jsonPath(path)}) END`;
}

async function parquetRelation(database: Database, path: string, used: readonly string[]): Promise<string> {
  const top = await database.rows(`DESCRIBE SELECT * FROM ${parquetFile(path)}`);
  const known = new Map(top.map((row) => [String(row['column_name']), String(row['column_type'])]));
  const values = used.map((name) => parquetColumn(name, known));
  // Types of the parts of objects too.
  const described =
    used.length === 0
      ? []
      : await database.rows(
          `DESCRIBE SELECT ${values.map((value, index) => `${value} AS ${rawAlias(index)}`).join(', ')} FROM ${parquetFile(path)}`,
        );
  const picked = values.map(
    (value, index) =>
      `${parquetText(value, String(described[index]?.['column_type']))} AS ${rawAlias(index)}`,
  );
  // A file may have a column of that name.
  const isTaken = [...known.keys()].some((name) => name.toLowerCase() === 'file_row_number');
  const row = `${isTaken ? 'row_number() OVER () - 1' : 'file_row_number'} AS ${RAW_ROW}`;
  const options = isTaken ? [] : ['file_row_number = true'];
  return `(SELECT ${[...picked, row].join(', ')} FROM ${parquetFile(path, ...options)})`;
}
