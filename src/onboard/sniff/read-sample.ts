// The first rows of a raw file of unknown layout, as text cells, with what was found out on the way.
import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import { openDatabase } from '../../database/database.js';
import { parquetFile } from '../../database/files.js';
import { UserError } from '../../errors.js';
import { LIST_MARK as LIST_SEPARATOR } from '../../prep/sources/nested-values.js';
import { firstLines } from '../../prep/sources/text-lines.js';
import { findDialect } from './dialect.js';
import { looksLikeHeader } from './header.js';

/** Lines that are looked at. */
const SAMPLE_LINES = 5000;

export interface SampledTable {
  readonly format: 'csv' | 'parquet' | 'jsonl';
  readonly encoding: 'utf-8' | 'latin-1';
  /** CSV only. */
  readonly delimiter: string;
  readonly quote: string | 'none';
  readonly header: boolean;
  /** Names from the header, the keys or the schema; `column_1` … where there is none. */
  readonly names: readonly string[];
  /** [rows][columns]; '' is no value. */
  readonly rows: readonly (readonly string[])[];
  /** What was guessed about the file and why. */
  readonly reasons: readonly { readonly what: string; readonly value: string; readonly reason: string }[];
}

/** Throws `UserError` for a file that is missing, empty, or no table of at least two columns. */
export async function readSample(path: string): Promise<SampledTable> {
  const start = await firstBytes(path);
  const database = await openDatabase({ memoryLimitMb: 512, threads: 2 });
  try {
    if (start.subarray(0, 4).toString('latin1') === 'PAR1') {
      const rows = await database.rows(
        `SELECT COLUMNS(*)::VARCHAR FROM ${parquetFile(path)} LIMIT ${SAMPLE_LINES}`,
      );
      const [first] = rows;
      if (first === undefined) throw empty(path);
      const names = Object.keys(first);
      const cells = rows.map((row) => names.map((name) => String(row[name] ?? '')));
      return plain('parquet', names, cells, 'begins with the mark of Parquet');
    }
    const lines = (await firstLines(database, path, SAMPLE_LINES)).filter((line) => line.length > 0);
    if (lines.length === 0) throw empty(path);
    const objects = jsonObjects(lines);
    if (objects !== undefined) {
      const names = [...new Set(objects.flatMap((object) => Object.keys(object)))];
      const cells = objects.map((object) => names.map((name) => jsonCell(object[name])));
      return plain('jsonl', names, cells, 'every line is a JSON object');
    }
    return delimited(path, lines);
  } finally {
    database.close();
  }
}

function delimited(path: string, lines: readonly Buffer[]): SampledTable {
  const utf8 = lines.every((line) => isUtf8(line));
  const decoded = lines.map((line) => line.toString(utf8 ? 'utf8' : 'latin1'));
  const dialect = findDialect(decoded);
  if (dialect === undefined)
    throw new UserError({
      code: 'SNIFF_NO_TABLE',
      where: path,
      what: 'No delimiter splits its lines into the same number of fields, at least two.',
      next: 'Is this the log? If it is, write its descriptor by hand: the files in datasets/ are examples.',
    });
  const { delimiter, quote, records } = dialect;
  const header = looksLikeHeader(records);
  const width = records[0]!.length;
  const names = header
    ? records[0]!.map((name, index) => name.trim() || `column_${index + 1}`)
    : Array.from({ length: width }, (_, index) => `column_${index + 1}`);
  return {
    format: 'csv',
    encoding: utf8 ? 'utf-8' : 'latin-1',
    delimiter,
    quote,
    header,
    names,
    rows: records.slice(header ? 1 : 0).map((record) => record.map((cell) => cell.trim())),
    reasons: [
      {
        what: 'delimiter',
        value: JSON.stringify(delimiter),
        reason: `splits every line into ${width} fields`,
      },
      {
        what: 'header',
        value: String(header),
        reason: header
          ? 'the first line holds names, not values like those below it'
          : 'the first line looks like the lines below it',
      },
      {
        what: 'encoding',
        value: utf8 ? 'utf-8' : 'latin-1',
        reason: utf8 ? 'all bytes are UTF-8' : 'some bytes are no UTF-8',
      },
    ],
  };
}

function plain(
  format: 'parquet' | 'jsonl',
  names: readonly string[],
  rows: readonly (readonly string[])[],
  reason: string,
): SampledTable {
  return {
    format,
    encoding: 'utf-8',
    delimiter: ',',
    quote: '"',
    header: true,
    names,
    rows,
    reasons: [{ what: 'format', value: format, reason }],
  };
}

function jsonObjects(lines: readonly Buffer[]): readonly Record<string, unknown>[] | undefined {
  const objects: Record<string, unknown>[] = [];
  for (const line of lines) {
    if (line[0] !== 0x7b) return undefined;
    try {
      objects.push(JSON.parse(line.toString('utf8')) as Record<string, unknown>);
    } catch {
      return undefined; // a line that is no JSON: the file is delimited text
    }
  }
  return objects;
}

function jsonCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(jsonCell).join(LIST_SEPARATOR);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new UserError({
      code: 'SNIFF_FILE_MISSING',
      where: path,
      what: 'There is no such file.',
      next: 'Name the log: CSV, TSV, JSON lines or Parquet, packed with gzip or zstd or not.',
    });
  });
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function empty(path: string): UserError {
  return new UserError({ code: 'SNIFF_FILE_EMPTY', where: path, what: 'The file holds no rows.' });
}
