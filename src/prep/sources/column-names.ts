// Which columns a raw file has, and whether those the descriptor speaks of are among them.
import { parse } from 'csv-parse/sync';
import type { Database } from '../../database/database.js';
import { parquetFile } from '../../database/files.js';
import { UserError } from '../../errors.js';
import type { SourceDescriptor } from '../descriptor/source.js';
import type { SourceFile } from './source-file.js';
import { firstLines } from './text-lines.js';

/** How many JSON lines are looked at for column names. */
const JSON_LINES = 200;

/**
 * The file's columns in order (JSON lines: all keys of the first lines).
 * Throws `UserError` for a file without content or one that is not in the declared format.
 */
export async function columnNames(database: Database, file: SourceFile): Promise<readonly string[]> {
  const { source } = file;
  if (source.format === 'parquet') return parquetColumns(database, file);
  if (source.format === 'jsonl') return jsonColumns(file, await firstLines(database, file.path, JSON_LINES));
  if (!source.header) return source.columns ?? [];
  const [header] = await firstLines(database, file.path, 1);
  if (header === undefined)
    throw new UserError({
      code: 'DATA_FILE_EMPTY',
      where: file.name,
      what: 'The file is empty, not even a header.',
      next: 'Check that the download finished.',
    });
  return headerNames(file.name, header, source);
}

function headerNames(where: string, header: Buffer, source: SourceDescriptor): readonly string[] {
  const line = header.toString(source.encoding === 'latin-1' ? 'latin1' : 'utf8');
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
      where: `${where}:1`,
      what: `The header cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      next: 'Check delimiter and quote in the descriptor, or set "header: false" and list the columns.',
    });
  }
}

function jsonColumns(file: SourceFile, lines: readonly Buffer[]): readonly string[] {
  const names = new Set<string>();
  for (const [index, line] of lines.entries()) {
    if (line.length === 0) continue;
    const value = parseObject(line.toString('utf8'));
    if (value !== undefined) for (const name of Object.keys(value)) names.add(name);
    else if (index === 0)
      throw new UserError({
        code: 'DATA_NOT_JSON_LINES',
        where: `${file.name}:1`,
        what: 'The first line is not a JSON object.',
        next: 'JSON lines hold one object a line; set "format" in the descriptor if the file is something else.',
      });
  }
  return [...names];
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined; // not JSON: the caller says so, or the careful reader does with its line
  }
}

async function parquetColumns(database: Database, file: SourceFile): Promise<readonly string[]> {
  try {
    const rows = await database.rows(`DESCRIBE SELECT * FROM ${parquetFile(file.path)}`);
    return rows.map((row) => String(row['column_name']));
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

/** Throws `UserError` DATA_MISSING_COLUMN or DATA_DUPLICATE_COLUMN unless every column in `used` is there exactly once. */
export function requireColumns(file: SourceFile, names: readonly string[], used: readonly string[]): void {
  for (const column of used) {
    const places = names.filter((name) => name === column).length;
    if (places === 1) continue;
    const shown = names.length > 30 ? `${names.slice(0, 30).join(', ')}, …` : names.join(', ');
    throw new UserError({
      code: places === 0 ? 'DATA_MISSING_COLUMN' : 'DATA_DUPLICATE_COLUMN',
      where: file.source.header ? `${file.name}:1` : file.name,
      what:
        places === 0
          ? `There is no column "${column}"; the file has ${shown || 'no columns'}.`
          : `The column "${column}" occurs ${places} times.`,
      next: 'Correct the column name in the descriptor, or delimiter and header if the columns look wrong.',
    });
  }
}
