// Rows from all of a delimited file of unknown dialect: encoding, lines before the table, delimiter, header.
import { isUtf8 } from 'node:buffer';
import type { Database } from '../../database/database.js';
import { UserError } from '../../errors.js';
import { eventsSchema } from '../../prep/descriptor/source.js';
import { physicalLines } from '../../prep/sources/physical-lines.js';
import { readRecords } from '../../prep/sources/records.js';
import type { TextEncoding } from '../../prep/sources/text-lines.js';
import { type Dialect, findDialect } from './dialect.js';
import { looksLikeHeader } from './header.js';
import type { SampledRows, SniffedSource } from './sampled-rows.js';
import { SAMPLE_ROWS, spreadBytes, thinned } from './spread-sample.js';

/** Lines that the dialect is found by. */
const HEAD_LINES = 5000;
const COMMENT_MARKS = ['#', '//', '%', '--'] as const;

interface Layout {
  readonly source: SniffedSource;
  readonly names: readonly string[];
  readonly reasons: SampledRows['reasons'];
}

/** Throws `UserError` SNIFF_NO_TABLE where no delimiter gives columns. */
export async function readDelimited(database: Database, path: string, utf16: boolean): Promise<SampledRows> {
  const { encoding, head, reason } = await decodedHead(database, path, utf16);
  const comment = commentMark(head);
  const lines = comment === undefined ? head : head.map((line) => (isMarked(line, comment) ? '' : line));
  const dialect = findDialect(lines);
  if (dialect === undefined)
    throw new UserError({
      code: 'SNIFF_NO_TABLE',
      where: path,
      what: 'No delimiter splits its lines into the same number of fields, at least two.',
      next: 'Is this the log? If it is, write its descriptor by hand: the files in datasets/ are examples.',
    });
  const { source, names, reasons } = layoutOf(dialect, comment);
  const events = eventsSchema.parse({ files: path, ...source, encoding });
  const rows = thinned<readonly string[]>(SAMPLE_ROWS);
  let isHeader = events.header;
  // Bytes of an encoding that was decoded are UTF-8 by now.
  const readable = { ...events, encoding: encoding === 'latin-1' ? encoding : ('utf-8' as const) };
  for await (const record of readRecords(physicalLines(spreadBytes(database, path, encoding)), readable)) {
    if (!('fields' in record)) continue;
    if (isHeader) isHeader = false;
    else if (record.fields.length === names.length) rows.push(record.fields.map((cell) => cell.trim()));
  }
  return {
    source: { ...source, ...(encoding === 'utf-8' ? {} : { encoding }) },
    names,
    rows: rows.items,
    reasons: [...reasons, { what: 'encoding', value: encoding, reason }],
  };
}

/** The first lines as text, and the encoding that all lines looked at agree with. */
async function decodedHead(
  database: Database,
  path: string,
  utf16: boolean,
): Promise<{ readonly encoding: TextEncoding; readonly head: readonly string[]; readonly reason: string }> {
  const head: Buffer[] = [];
  let others = 0;
  let several = 0;
  let windows = false;
  for await (const line of physicalLines(spreadBytes(database, path, utf16 ? 'utf-16' : 'utf-8'))) {
    if (head.length < HEAD_LINES) head.push(line);
    if (isUtf8(line)) {
      if (line.some((byte) => byte >= 0x80)) several++;
      continue;
    }
    others++;
    // Latin-1 has nothing but control characters there.
    windows ||= line.some((byte) => byte >= 0x80 && byte < 0xa0);
  }
  // Text of another encoding is hardly ever UTF-8 by chance: where most lines that can tell are, the rest is damaged.
  const isUtf = others === 0 || several > others;
  const encoding = utf16 ? 'utf-16' : isUtf ? 'utf-8' : windows ? 'windows-1252' : 'latin-1';
  const decoder = new TextDecoder(encoding === 'utf-16' || encoding === 'utf-8' ? 'utf-8' : 'windows-1252');
  const reason = {
    'utf-8':
      others === 0
        ? 'all bytes are UTF-8'
        : `${several} lines looked at hold letters of UTF-8, and ${others} bytes that are none: prep names the line`,
    'utf-16': 'two bytes a character',
    'latin-1': 'some bytes are no UTF-8',
    'windows-1252': 'some bytes are no UTF-8, and some are signs that Latin-1 does not have',
  }[encoding];
  return { encoding, head: head.map((line) => decoder.decode(line)), reason };
}

const isMarked = (line: string, mark: string): boolean => line.trimStart().startsWith(mark);

/** What lines before the table begin with, where the table itself does not. */
function commentMark(head: readonly string[]): string | undefined {
  const first = head.find((line) => line.trim() !== '');
  const mark = COMMENT_MARKS.find((candidate) => first !== undefined && isMarked(first, candidate));
  if (mark === undefined) return undefined;
  const marked = head.filter((line) => isMarked(line, mark));
  const table = findDialect(head.filter((line) => line.trim() !== '' && !isMarked(line, mark)));
  if (table === undefined) return undefined;
  // A header may begin with the mark: then the last marked line has the fields of the table, and the first one below is no header.
  const last = findDialect([marked.at(-1)!, ...head.filter((line) => !isMarked(line, mark)).slice(0, 50)]);
  const isHeader = last?.skip === 0 && last.records[0]?.length === table.records[0]?.length;
  return isHeader && !looksLikeHeader(table.records) ? undefined : mark;
}

function layoutOf(dialect: Dialect, comment: string | undefined): Layout {
  const { delimiter, quote, records, before } = dialect;
  const width = records[0]!.length;
  const short =
    before?.length === width - 1 && looksLikeHeader([before, ...records.map((row) => row.slice(1))]);
  const isTrailing = records.every((record) => record.at(-1)?.trim() === '');
  const header = short || looksLikeHeader(records);
  const own = (records[0] ?? []).map((name) => name.trim());
  const names = short
    ? isTrailing
      ? [...before.map((name) => name.trim()), 'nothing']
      : ['row_name', ...before.map((name) => name.trim())]
    : header
      ? own
      : own.map((_, index) => `column_${index + 1}`);
  // A header of another width is skipped, and its names listed.
  const listed = short || !header;
  const source: SniffedSource = {
    ...(delimiter === ',' ? {} : { delimiter }),
    ...(quote === 'none' ? { quote } : {}),
    ...(dialect.skip === 0 ? {} : { skip: dialect.skip }),
    ...(comment === undefined ? {} : { comment }),
    ...(listed
      ? {
          header: false,
          columns: names.map((name, index) => name || `column_${index + 1}`) as [string, ...string[]],
        }
      : {}),
  };
  const reason = short
    ? `the first line names ${width - 1} of the ${width} columns: ${isTrailing ? 'rows end in a delimiter' : 'rows begin with a name of their own'}`
    : header
      ? 'the first line holds names, not values like those below it'
      : 'the first line looks like the lines below it';
  const preamble =
    dialect.skip > 0 && !short
      ? [{ what: 'skip', value: String(dialect.skip), reason: 'lines before the table' }]
      : [];
  return {
    source,
    names,
    reasons: [
      {
        what: 'delimiter',
        value: JSON.stringify(delimiter),
        reason: `splits every line into ${width} fields`,
      },
      ...(comment === undefined
        ? []
        : [{ what: 'comment', value: comment, reason: 'lines before the table begin with it' }]),
      ...preamble,
      { what: 'header', value: String(header), reason },
    ],
  };
}
