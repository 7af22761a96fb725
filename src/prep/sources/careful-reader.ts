// The slow, exact reader of delimited text. Used where the fast one refused a file or found a bad value: it knows every row's line,
// keeps going past broken rows, and writes both into plain CSV that the fast reader can load.
import type { Database } from '../../database/database.js';
import { csvWriter } from './csv-writer.js';
import { physicalLines } from './physical-lines.js';
import { type ReadRecord, readRecords } from './records.js';
import type { SourceFile } from './source-file.js';
import { textBytes } from './text-lines.js';

export interface CarefulResult {
  /** Rows written to `rows`: line, the row as it stands, then the used columns. */
  readonly rows: number;
  /** Faults written to `faults`: line, column, value, reason, row. */
  readonly faults: number;
  /** Fields of every row, where there are at least three and all have as many, but not as many as the file has columns. */
  readonly otherWidth?: number;
}

/** Rows that are enough to tell a wrong delimiter from broken rows. */
const ENOUGH_ROWS = 3;

/** What a value in another encoding is. */
export const NOT_UTF8 = 'not UTF-8 (set "encoding" to what the file is in)';

/** Characters of a broken value that are kept. */
const LONGEST_SHOWN = 1000;

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
  const rows = csvWriter(paths.rows);
  const faults = csvWriter(paths.faults);
  let headerSeen = !source.header;
  const widths = new Set<number>();
  try {
    for await (const record of readRecords(
      physicalLines(textBytes(database, file.path, source.encoding)),
      source,
    )) {
      if (!headerSeen) headerSeen = true;
      else {
        const fault = faultOf(record, names, used, places);
        const line = String(record.line);
        const row = record.text;
        widths.add('fields' in record ? record.fields.length : -1);
        if (fault !== undefined)
          await faults.write([line, fault.column, fault.value.slice(0, LONGEST_SHOWN), fault.reason, row]);
        else if ('fields' in record)
          await rows.write([line, row, ...places.map((place) => record.fields[place]!)]);
      }
      if (faults.written() >= maxFaults) break;
    }
  } finally {
    await rows.close();
    await faults.close();
  }
  const [width] = widths;
  const isOther = rows.written() === 0 && faults.written() >= ENOUGH_ROWS && widths.size === 1;
  return {
    rows: rows.written(),
    faults: faults.written(),
    ...(isOther && width !== names.length && width! > 0 ? { otherWidth: width! } : {}),
  };
}

interface RecordFault {
  readonly column: string;
  readonly value: string;
  readonly reason: string;
}

function faultOf(
  record: ReadRecord,
  names: readonly string[],
  used: readonly string[],
  places: readonly number[],
): RecordFault | undefined {
  if ('fault' in record)
    return { column: '', value: record.text, reason: `a broken record: ${record.fault}` };
  const { fields } = record;
  if (fields.length !== names.length) {
    const reason = `a row of ${fields.length} fields; the file has ${names.length} columns`;
    return { column: '', value: record.text, reason };
  }
  if (record.isUtf8) return undefined;
  const wrong = places.findIndex((place) => fields[place]!.includes('\ufffd'));
  const value = wrong < 0 ? record.text : fields[places[wrong]!]!;
  return { column: used[wrong] ?? '', value, reason: NOT_UTF8 };
}
