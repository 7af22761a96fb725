// Rows from all of a raw file of unknown layout, as text cells, with what was found out on the way.
import { open } from 'node:fs/promises';
import { openDatabase } from '../../database/database.js';
import { UserError } from '../../errors.js';
import type { TextEncoding } from '../../prep/descriptor/encodings.js';
import { firstLines } from '../../prep/sources/text-lines.js';
import { readDelimited } from './delimited-sample.js';
import { readJsonLines } from './json-sample.js';
import { readParquet } from './parquet-sample.js';
import { isUtf16, refuseOtherKinds } from './raw-kinds.js';
import { readTimes, type TimeReading } from './read-times.js';
import type { SampledRows } from './sampled-rows.js';

export interface SampledTable extends SampledRows {
  /** How the values of a column can be read as times, by its place. */
  readonly times: ReadonlyMap<number, TimeReading>;
}

/** Bytes that tell what kind of file it is. */
const START = 256;

/** Throws `UserError` for a file that is missing, empty, of another kind, or no table of at least two columns. */
export async function readSample(path: string, encoding?: TextEncoding): Promise<SampledTable> {
  const start = await firstBytes(path);
  if (start.length === 0) throw empty(path);
  const database = await openDatabase({ memoryLimitMb: 512, threads: 2 });
  try {
    const table = await readTable();
    if (table.rows.length === 0) throw empty(path);
    refuseNul(path, table);
    return { ...table, times: await readTimes(database, table.rows, table.names.length) };
  } catch (error) {
    throw isPackedBadly(error) ? damaged(path, error) : error;
  } finally {
    database.close();
  }

  async function readTable(): Promise<SampledRows> {
    if (start.subarray(0, 4).toString('latin1') === 'PAR1') return readParquet(database, path);
    refuseOtherKinds(path, start);
    const stated = encoding ?? (isUtf16(path, start) ? 'utf-16' : undefined);
    const [first] = (await firstLines(database, path, 100, stated ?? 'latin-1')).filter(
      (line) => line.toString('latin1').trim() !== '',
    );
    if (first === undefined) throw empty(path);
    const text = first.toString('utf8').trim();
    if (/^\[\s*([[{]|$)/.test(text))
      throw new UserError({
        code: 'SNIFF_JSON_ARRAY',
        where: path,
        what: 'The file is one JSON array; prep reads JSON lines, one object a line.',
        next: `Convert it: jq -c '.[]' ${path} > log.jsonl`,
      });
    return text.startsWith('{')
      ? readJsonLines(database, path, stated)
      : readDelimited(database, path, stated);
  }
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
    const { bytesRead, buffer } = await file.read(Buffer.alloc(START), 0, START, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Throws `UserError` SNIFF_NUL: prep takes no value that holds one. */
function refuseNul(path: string, { names, rows }: SampledRows): void {
  const isNul = (text: string): boolean => text.includes('\0');
  const row = rows.find((cells) => cells.some(isNul));
  const column = names.findIndex(
    (name, index) => isNul(name) || (row !== undefined && isNul(row[index] ?? '')),
  );
  if (column < 0) return;
  throw new UserError({
    code: 'SNIFF_NUL',
    where: path,
    what: `Column "${names[column]}" holds a NUL character${row === undefined ? ' in its name' : `, for example in "${row[column]}"`}.`,
    next: "Take them out (tr -d '\\000'), or convert the file if it is in an encoding of several bytes a character.",
  });
}

/** What zlib and the database's zstd say of a file that is not whole. */
const isPackedBadly = (error: unknown): boolean =>
  error instanceof Error &&
  (String((error as NodeJS.ErrnoException).code).startsWith('Z_') ||
    /\bzstd\b|frame descriptor/i.test(error.message));

const damaged = (path: string, cause: unknown): UserError =>
  new UserError(
    {
      code: 'DATA_FILE_DAMAGED',
      where: path,
      what: 'The packed file is not whole, or something stands after its end.',
      next: 'Fetch it again, or unpack it and check where it ends.',
    },
    { cause },
  );

function empty(path: string): UserError {
  return new UserError({
    code: 'SNIFF_FILE_EMPTY',
    where: path,
    what: 'The file holds no rows.',
    next: 'Name a log with a row an event, and a header where it has one.',
  });
}
