// Files as SQL reads and writes them: a path is always one file of exactly that name, and its folders add no columns.
import { UserError } from '../errors.js';
import { quoted } from './sql.js';

/**
 * A path as DuckDB's readers must be given it: they take `*`, `?` and `[` for patterns. Each is put into brackets of its own.
 * Throws `UserError` PATH_NOT_READABLE for a backslash beside one of them, for which the readers know no spelling.
 */
function literalPath(path: string): string {
  const slashed = process.platform === 'win32' ? path.replaceAll('\\', '/') : path;
  if (!/[*?[]/.test(slashed)) return slashed;
  if (slashed.includes('\\'))
    throw new UserError({
      code: 'PATH_NOT_READABLE',
      where: path,
      what: 'The path holds a backslash beside one of * ? [, which the database cannot read.',
      next: 'Rename the file or the folder.',
    });
  return slashed.replace(/[*?[]/g, '[$&]');
}

const reader = (name: string, file: string, options: readonly string[]): string =>
  // A folder called key=value is a name, not a column.
  `${name}(${[file, 'hive_partitioning = false', ...options].join(', ')})`;

/** A relation over one Parquet file, or several of the same columns. */
export function parquetFile(path: string | readonly string[], ...options: readonly string[]): string {
  const file =
    typeof path === 'string'
      ? quoted(literalPath(path))
      : `[${path.map((one) => quoted(literalPath(one))).join(', ')}]`;
  return reader('read_parquet', file, options);
}

/** A relation over one CSV file. */
export const csvFile = (path: string, ...options: readonly string[]): string =>
  reader('read_csv', quoted(literalPath(path)), options);

/** A relation over one file of JSON lines. */
export const jsonLinesFile = (path: string, ...options: readonly string[]): string =>
  reader('read_json', quoted(literalPath(path)), ["format = 'newline_delimited'", ...options]);

/** Statement that writes what `query` gives to `path`, which is taken as it stands. */
export const copyTo = (query: string, path: string, options: string): string =>
  `COPY (${query}) TO ${quoted(path)} (${options})`;
