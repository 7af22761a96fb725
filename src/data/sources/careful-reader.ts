// The slow, exact reader of delimited text. Used where the fast one refused a file or found a bad value: it knows every row's line,
// keeps going past broken rows, and writes both into plain CSV that the fast reader can load.
import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import type { Database } from '../database/database.js';
import type { SourceFile } from './source-file.js';
import { unpackedBytes } from './text-lines.js';

export interface CarefulResult {
  /** Rows written to `rowsPath`: line, then the used columns. */
  readonly rows: number;
  /** Faults written to `faultsPath`: line, column, value, reason. */
  readonly faults: number;
}

interface CsvInfo {
  readonly lines: number;
}

const LONGEST_SHOWN = 200;

/**
 * Reads `file` record by record. Stops after `maxFaults` broken records.
 * A record with too few or too many fields, a stray quote or bytes that are not the declared encoding is a fault.
 */
export async function readCarefully(
  database: Database,
  file: SourceFile,
  names: readonly string[],
  used: readonly string[],
  paths: { readonly rows: string; readonly faults: string },
  maxFaults: number,
): Promise<CarefulResult> {
  const { source } = file;
  const places = used.map((name) => names.indexOf(name));
  const rowsOut = createWriteStream(paths.rows);
  const faultsOut = createWriteStream(paths.faults);
  let rows = 0;
  let faults = 0;
  const fault = (line: number, value: string, reason: string, column = ''): void => {
    faults++;
    faultsOut.write(csvRow([String(line), column, value.slice(0, LONGEST_SHOWN), reason]));
  };

  const parser = parse({
    delimiter: source.delimiter,
    quote: source.quote === 'none' ? null : source.quote,
    ...(source.quote === 'none' ? {} : { escape: source.escape ?? source.quote }),
    bom: true,
    encoding: null,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
  });
  parser.on('skip', (error: { message: string; lines?: number } | undefined) => {
    fault(error?.lines ?? 0, '', `a broken record: ${error?.message ?? 'unknown'}`);
  });
  const bytes = Readable.from(unpackedBytes(database, file.path));
  bytes.on('error', (error) => parser.destroy(error));
  bytes.pipe(parser);

  let headerSeen = !source.header;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: Buffer[]; info: CsvInfo }>) {
      if (!headerSeen) {
        headerSeen = true;
        continue;
      }
      const line = info.lines;
      const wrong = wrongBytes(record, places, source.encoding);
      if (record.length !== names.length)
        fault(
          line,
          decode(join(record, source.delimiter), source.encoding),
          `a row of ${record.length} fields; the file has ${names.length} columns`,
        );
      else if (wrong >= 0)
        fault(
          line,
          decode(record[places[wrong]!]!, source.encoding),
          'not UTF-8 (set "encoding: latin-1"?)',
          used[wrong]!,
        );
      else {
        rows++;
        const fields = [String(line), ...places.map((place) => decode(record[place]!, source.encoding))];
        if (!rowsOut.write(csvRow(fields))) await once(rowsOut, 'drain');
      }
      if (faults >= maxFaults) break;
    }
  } catch (error) {
    // An unclosed quote swallows the rest of the file: nothing after it can be read.
    const { message, lines } = error as Error & { lines?: number };
    fault(lines ?? 0, '', `a broken record: ${message}`);
  } finally {
    bytes.destroy();
    await Promise.all([finished(rowsOut), finished(faultsOut)]);
  }
  return { rows, faults };
}

/** Index in `places` of the first field that is not UTF-8 where it should be, or -1. */
function wrongBytes(record: readonly Buffer[], places: readonly number[], encoding: string): number {
  if (encoding === 'latin-1') return -1;
  return places.findIndex((place) => record[place] !== undefined && !isUtf8(record[place]));
}

const decode = (bytes: Buffer, encoding: string): string =>
  bytes.toString(encoding === 'latin-1' ? 'latin1' : 'utf8');

const join = (record: readonly Buffer[], delimiter: string): Buffer =>
  Buffer.concat(record.flatMap((field, index) => (index === 0 ? [field] : [Buffer.from(delimiter), field])));

/** One canonical CSV line: every field quoted. */
export const csvRow = (fields: readonly string[]): string =>
  `${fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(',')}\n`;

async function finished(stream: WriteStream): Promise<void> {
  stream.end();
  await once(stream, 'close');
}
