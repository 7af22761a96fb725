// Rows from all of a raw file of unknown layout, as text cells, with what was found out on the way.
import { open } from 'node:fs/promises';
import { openDatabase } from '../../database/database.js';
import { UserError } from '../../errors.js';
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
export async function readSample(path: string): Promise<SampledTable> {
  const start = await firstBytes(path);
  if (start.length === 0) throw empty(path);
  const database = await openDatabase({ memoryLimitMb: 512, threads: 2 });
  try {
    const table = await readTable();
    if (table.rows.length === 0) throw empty(path);
    return { ...table, times: await readTimes(database, table.rows, table.names.length) };
  } finally {
    database.close();
  }

  async function readTable(): Promise<SampledRows> {
    if (start.subarray(0, 4).toString('latin1') === 'PAR1') return readParquet(database, path);
    refuseOtherKinds(path, start);
    const utf16 = isUtf16(path, start);
    const [first] = (await firstLines(database, path, 100, utf16 ? 'utf-16' : 'latin-1')).filter(
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
    return text.startsWith('{') ? readJsonLines(database, path, utf16) : readDelimited(database, path, utf16);
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

function empty(path: string): UserError {
  return new UserError({ code: 'SNIFF_FILE_EMPTY', where: path, what: 'The file holds no rows.' });
}
