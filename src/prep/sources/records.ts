// Records of delimited text with their lines. A broken record never takes the ones after it along: reading goes on at the next line.
import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import type { SourceDescriptor } from '../descriptor/source.js';
import { isComment } from './leading-lines.js';

export type ReadRecord =
  | {
      readonly line: number;
      readonly fields: readonly string[];
      readonly text: string;
      readonly isUtf8: boolean;
    }
  | { readonly line: number; readonly fault: string; readonly text: string };

/** Lines that one quoted record may run over before its first quote is taken for a stray one. */
const LONGEST_RECORD = 1000;

/** Reads records; blank lines, comments and the lines to skip are passed over. */
export async function* readRecords(
  lines: AsyncIterable<Buffer>,
  source: SourceDescriptor,
): AsyncIterable<ReadRecord> {
  const { quote, encoding, skip = 0 } = source;
  const decode = (bytes: Buffer): string => bytes.toString(encoding === 'latin-1' ? 'latin1' : 'utf8');
  const isWhole = (bytes: Buffer): boolean => encoding === 'latin-1' || isUtf8(bytes);
  const incoming = lines[Symbol.asyncIterator]();
  const waiting: Buffer[] = [];
  const next = async (place: number): Promise<Buffer | undefined> => {
    while (waiting.length <= place) {
      const { value, done } = await incoming.next();
      if (done) return undefined;
      waiting.push(value);
    }
    return waiting[place];
  };

  for (let line = 1; ; line++) {
    const first = await next(0);
    if (first === undefined) return;
    let bytes = first;
    let used = 1;
    let text = decode(bytes);
    if (line === 1) text = text.replace(/^\ufeff/, '');
    if (line <= skip || isComment(text, source)) {
      waiting.splice(0, 1);
      continue;
    }
    while (quote !== 'none' && isOpen(text, source) && used < LONGEST_RECORD) {
      const more = await next(used);
      if (more === undefined) break;
      used++;
      bytes = Buffer.concat([bytes, Buffer.from('\n'), more]);
      text = `${text}\n${decode(more)}`;
    }
    const record = split(text, source);
    if (typeof record !== 'string') {
      waiting.splice(0, used);
      if (text !== '') yield { line, fields: record, text, isUtf8: isWhole(bytes) };
      line += used - 1;
    } else {
      waiting.splice(0, 1);
      yield { line, fault: record, text: decode(first) };
    }
  }
}

/** Whether a quoted field is still open at the end of the text. */
function isOpen(text: string, source: SourceDescriptor): boolean {
  const { quote } = source;
  const before = source.escape ?? quote;
  if (!text.includes(quote)) return false;
  let open = false;
  for (let at = 0; at < text.length; at++) {
    if (open && before !== quote && text[at] === before) at++;
    else if (text[at] === quote) open = !open;
  }
  return open;
}

/** The fields of one record, or what is wrong with it. */
function split(text: string, source: SourceDescriptor): readonly string[] | string {
  const { quote, delimiter } = source;
  if (quote === 'none' || !text.includes(quote)) return text.split(delimiter);
  try {
    const records = parse(text, {
      delimiter,
      quote,
      escape: source.escape ?? quote,
      record_delimiter: '\u0000',
      relax_column_count: true,
    }) as string[][];
    return records[0] ?? [];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return message.replace(/ at line \d+/g, '').replace(/ instead of delimiter.*$/s, '');
  }
}
