// The slow, exact reader of JSON lines: finds the lines that are no JSON object and writes the rest with their numbers.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Database } from '../database/database.js';
import { type CarefulResult, csvRow } from './careful-reader.js';
import type { SourceFile } from './source-file.js';
import { unpackedBytes } from './text-lines.js';

/** Writes `line, json` rows and `line, column, value, reason` faults; stops after `maxFaults` broken lines. */
export async function readJsonCarefully(
  database: Database,
  file: SourceFile,
  paths: { readonly rows: string; readonly faults: string },
  maxFaults: number,
): Promise<CarefulResult> {
  const rowsOut = createWriteStream(paths.rows);
  const faultsOut = createWriteStream(paths.faults);
  let line = 0;
  let rows = 0;
  let faults = 0;
  for await (const bytes of lines(unpackedBytes(database, file.path))) {
    line++;
    const content = bytes.toString('utf8').trim();
    if (content === '') continue;
    const reason = jsonFault(content);
    if (reason === undefined) {
      rows++;
      if (!rowsOut.write(csvRow([String(line), content]))) await once(rowsOut, 'drain');
    } else {
      faults++;
      faultsOut.write(csvRow([String(line), '', content.slice(0, 200), reason]));
      if (faults >= maxFaults) break;
    }
  }
  for (const stream of [rowsOut, faultsOut]) {
    stream.end();
    await once(stream, 'close');
  }
  return { rows, faults };
}

function jsonFault(content: string): string | undefined {
  try {
    const value: unknown = JSON.parse(content);
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? undefined
      : 'not a JSON object';
  } catch (error) {
    return `not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function* lines(source: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let rest: Buffer[] = [];
  for await (const bytes of source) {
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      yield Buffer.concat([...rest, bytes.subarray(start, end)]);
      rest = [];
      start = end + 1;
    }
    if (start < bytes.length) rest.push(bytes.subarray(start));
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}
