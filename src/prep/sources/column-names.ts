// Which columns a raw file has, and whether those the descriptor speaks of are among them.
import { parse } from 'csv-parse/sync';
import type { Database } from '../../database/database.js';
import { parquetFile } from '../../database/files.js';
import { ident } from '../../database/sql.js';
import { UserError } from '../../errors.js';
import type { SourceDescriptor } from '../descriptor/source.js';
import { leaves, parseObject } from './json-objects.js';
import { firstRecordLine } from './leading-lines.js';
import { physicalLines } from './physical-lines.js';
import type { SourceFile } from './source-file.js';
import { firstLines, utf8Bytes } from './text-lines.js';

/** How many JSON lines are looked at for column names. */
const JSON_LINES = 200;

/**
 * The file's columns in order. Parts of objects go by their path, as in `user.id`. JSON lines have the keys of the first lines, and
 * those of `wanted` that any later line has.
 * Throws `UserError` for a file without content or one that is not in the declared format.
 */
export async function columnNames(
  database: Database,
  file: SourceFile,
  wanted: readonly string[] = [],
): Promise<readonly string[]> {
  const { source } = file;
  if (source.format === 'parquet') return parquetColumns(database, file);
  if (source.format === 'jsonl') return jsonColumns(database, file, wanted);
  if (!source.header) return source.columns ?? [];
  const { line: header, before } = await firstRecordLine(database, file);
  if (header === undefined)
    throw new UserError({
      code: 'DATA_FILE_EMPTY',
      where: file.name,
      what: 'The file is empty, not even a header.',
      next: 'Check that the download finished.',
    });
  const other = otherFormat(header);
  if (other !== undefined)
    throw new UserError({
      code: 'DATA_OTHER_FORMAT',
      where: `${file.name}:${before + 1}`,
      what: `This is no header of delimited text: ${other}.`,
      next: 'Set "format" or "encoding" in the descriptor, or convert the file.',
    });
  return headerNames(`${file.name}:${before + 1}`, header, source);
}

/** What a first line is that holds no names; undefined where it may. */
function otherFormat(line: string): string | undefined {
  if (line.includes('\u0000')) return 'it holds NUL characters, as UTF-16 read as UTF-8 does';
  if (line.startsWith('PAR1')) return 'it begins like Parquet';
  const text = line.trim();
  if (!/^[[{]/.test(text)) return undefined;
  if (parseObject(text) !== undefined) return 'it is a JSON object, as in JSON lines';
  return /^\[\s*(\{|$)/.test(text) ? 'it begins a JSON array; prep reads one object a line' : undefined;
}

function headerNames(where: string, line: string, source: SourceDescriptor): readonly string[] {
  try {
    const [names] = parse(line, {
      delimiter: source.delimiter,
      quote: source.quote === 'none' ? null : source.quote,
      ...(source.quote === 'none' ? {} : { escape: source.escape ?? source.quote }),
      to: 1,
    }) as string[][];
    return (names ?? []).map((name) => name.trim());
  } catch (error) {
    throw new UserError({
      code: 'DATA_HEADER_UNREADABLE',
      where,
      what: `The header cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      next: 'Check delimiter and quote in the descriptor, or set "header: false" and list the columns.',
    });
  }
}

async function jsonColumns(
  database: Database,
  file: SourceFile,
  wanted: readonly string[],
): Promise<readonly string[]> {
  const lines = await firstLines(database, file.path, JSON_LINES, file.source.encoding, utf8Bytes);
  const names = new Set<string>();
  for (const [index, line] of lines.entries()) {
    if (line.length === 0) continue;
    const value = parseObject(line.toString('utf8'));
    if (value !== undefined) for (const [name] of leaves(value)) names.add(name);
    else if (index === 0)
      throw new UserError({
        code: 'DATA_NOT_JSON_LINES',
        where: `${file.name}:1`,
        what: `The first line is not a JSON object${line.toString('latin1').trimStart().startsWith('[') ? ': it begins an array' : ''}.`,
        next: 'JSON lines hold one object a line (jq -c ".[]" makes them of an array); set "format" if the file is something else.',
      });
  }
  const late = wanted.filter((name) => !names.has(name));
  for (const name of await laterKeys(database, file, late)) names.add(name);
  return [...names];
}

/** Those of `keys` that some line has. Lines that are no JSON are passed over here. */
async function laterKeys(
  database: Database,
  { path, source }: SourceFile,
  keys: readonly string[],
): Promise<readonly string[]> {
  if (keys.length === 0) return [];
  const found = new Set<string>();
  for await (const line of physicalLines(utf8Bytes(database, path, source.encoding))) {
    const text = line.toString('utf8');
    // Parsing costs more than a look for the last key of the path.
    const likely = keys.filter((key) => !found.has(key) && text.includes(`"${key.split('.').at(-1)!}"`));
    const object = likely.length === 0 ? undefined : parseObject(text);
    if (object === undefined) continue;
    const paths = new Set(leaves(object).map(([path]) => path));
    for (const key of likely) if (paths.has(key)) found.add(key);
    if (found.size === keys.length) break;
  }
  return keys.filter((key) => found.has(key));
}

async function parquetColumns(database: Database, file: SourceFile): Promise<readonly string[]> {
  const leavesOf = async (before: readonly string[]): Promise<readonly (readonly string[])[]> => {
    const select = before.length === 0 ? '*' : `unnest(${before.map(ident).join('.')})`;
    const paths: (readonly string[])[] = [];
    for (const row of await database.rows(`DESCRIBE SELECT ${select} FROM ${parquetFile(file.path)}`)) {
      const path = [...before, String(row['column_name'])];
      // No path leads to a part that has a dot in its own name.
      if (before.length > 0 && path.at(-1)!.includes('.')) continue;
      const type = String(row['column_type']);
      if (type.startsWith('STRUCT(') && !type.endsWith(']')) paths.push(...(await leavesOf(path)));
      else paths.push(path);
    }
    return paths;
  };
  try {
    const paths = await leavesOf([]);
    const own = new Set(paths.filter(({ length }) => length === 1).map(([name]) => name));
    // A column that is named like the path of a part goes before the part.
    return paths
      .filter((path) => path.length === 1 || !own.has(path.join('.')))
      .map((path) => path.join('.'));
  } catch (error) {
    throw new UserError({
      code: 'DATA_FILE_DAMAGED',
      where: file.name,
      what: `This is no whole Parquet file: ${firstLine(error)}`,
      next: 'Fetch it again, or set "format" in the descriptor if it is something else.',
    });
  }
}

/** First line of an error's message; DuckDB adds pages of advice for its own users. */
export function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0] ?? message;
}

/** Throws `UserError` DATA_MISSING_COLUMN or DATA_DUPLICATE_COLUMN, all at once, unless every column in `used` is there exactly once. */
export function requireColumns(file: SourceFile, names: readonly string[], used: readonly string[]): void {
  const places = (column: string): number => names.filter((name) => name === column).length;
  const absent = used.filter((column) => places(column) === 0);
  const repeated = used.filter((column) => places(column) > 1);
  if (absent.length + repeated.length === 0) return;
  const list = (columns: readonly string[]): string => columns.map((column) => `"${column}"`).join(', ');
  const shown = names.length > 30 ? `${names.slice(0, 30).join(', ')}, …` : names.join(', ');
  const twice = repeated.map((column) => `The column "${column}" occurs ${places(column)} times.`);
  const none =
    absent.length === 0 ? [] : [`There is no column ${list(absent)}; the file has ${shown || 'no columns'}.`];
  const delimiter = file.source.format === 'csv' ? betterDelimiter(file.source, names, used) : undefined;
  throw new UserError({
    code: absent.length > 0 ? 'DATA_MISSING_COLUMN' : 'DATA_DUPLICATE_COLUMN',
    where: file.source.header ? `${file.name}:1` : file.name,
    what: [...none, ...twice].join(' '),
    next:
      delimiter === undefined
        ? 'Correct the column name in the descriptor, or delimiter and header if the columns look wrong.'
        : `Set "delimiter: ${JSON.stringify(delimiter)}" in the descriptor: its columns have these names.`,
  });
}

/** A delimiter that finds every wanted column in the one name that the header seems to be. */
function betterDelimiter(
  source: SourceDescriptor,
  names: readonly string[],
  used: readonly string[],
): string | undefined {
  const header = names.join(source.delimiter);
  return [',', ';', '\t', '|', '::', ' '].find((delimiter) => {
    const found = header.split(delimiter).map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
    return used.every((column) => found.includes(column));
  });
}
