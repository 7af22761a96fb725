// The slow, exact reader of JSON lines: finds the lines that are no JSON object and writes the rest with their numbers.
import { isUtf8 } from 'node:buffer';
import type { Database } from '../../database/database.js';
import { type CarefulResult, NOT_UTF8 } from './careful-reader.js';
import { csvWriter } from './csv-writer.js';
import { looseJson } from './json-objects.js';
import { physicalLines } from './physical-lines.js';
import { repeatedKey } from './repeated-key.js';
import type { SourceFile } from './source-file.js';
import { utf8Bytes } from './text-lines.js';

/** Characters of a broken line that a message may show. */
const LONGEST_SHOWN = 1000;

/** Writes rows `line, json` and faults `line, column, value, reason, row`; stops after `maxFaults` broken lines. */
export async function readJsonCarefully(
  database: Database,
  file: SourceFile,
  used: readonly string[],
  paths: { readonly rows: string; readonly faults: string },
  maxFaults: number,
): Promise<CarefulResult> {
  const rows = csvWriter(paths.rows);
  const faults = csvWriter(paths.faults);
  let line = 0;
  try {
    for await (const bytes of physicalLines(utf8Bytes(database, file.path, file.source.encoding))) {
      line++;
      const content = bytes.toString('utf8').trim();
      if (content === '') continue;
      const reason = isUtf8(bytes) ? jsonFault(content, used) : NOT_UTF8;
      if (reason === undefined) await rows.write([String(line), content]);
      else await faults.write([String(line), '', content.slice(0, LONGEST_SHOWN), reason, content]);
      if (faults.written() >= maxFaults) break;
    }
  } finally {
    await rows.close();
    await faults.close();
  }
  return { rows: rows.written(), faults: faults.written() };
}

function jsonFault(content: string, used: readonly string[]): string | undefined {
  try {
    let half = false;
    const value: unknown = JSON.parse(looseJson(content), (_key, part: unknown) => {
      half ||= typeof part === 'string' && /\p{Surrogate}/u.test(part);
      return part;
    });
    // No reader but this one takes it.
    if (half) return 'not Unicode: half of a pair of surrogates';
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return 'not a JSON object';
    const repeated = repeatedKey(content, used);
    return repeated === undefined ? undefined : `an object that has the key "${repeated}" more than once`;
  } catch (error) {
    return `not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}
