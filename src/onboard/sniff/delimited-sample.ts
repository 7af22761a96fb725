// Rows from all of a delimited file of unknown dialect: encoding, lines before the table, delimiter, header.
import { isUtf8 } from 'node:buffer';
import type { Database } from '../../database/database.js';
import { UserError } from '../../errors.js';
import { decodedText, type TextEncoding } from '../../prep/descriptor/encodings.js';
import { eventsSchema } from '../../prep/descriptor/source.js';
import { physicalLines } from '../../prep/sources/physical-lines.js';
import { readRecords } from '../../prep/sources/records.js';
import { isDecoded } from '../../prep/sources/text-lines.js';
import { type Dialect, findDialect } from './dialect.js';
import { looksLikeHeader } from './header.js';
import type { SampledRows, SniffedSource } from './sampled-rows.js';
import { SAMPLE_ROWS, spreadBytes, thinned } from './spread-sample.js';
import { unknownEncoding } from './unknown-encoding.js';
import { westernWords } from './western.js';

/** Lines that the dialect is found by. */
const HEAD_LINES = 5000;
const COMMENT_MARKS = ['#', '//', '%', '--'] as const;

interface Layout {
  readonly source: SniffedSource;
  readonly names: readonly string[];
  readonly reasons: SampledRows['reasons'];
}

/** Throws `UserError` SNIFF_NO_TABLE where no delimiter gives columns. */
export async function readDelimited(
  database: Database,
  path: string,
  stated: TextEncoding | undefined,
): Promise<SampledRows> {
  const { encoding, head, reason } = await decodedHead(database, path, stated);
  const isGuess = stated === undefined && encoding !== 'utf-8';
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
  const readable = { ...events, encoding: isDecoded(encoding) ? ('utf-8' as const) : encoding };
  for await (const record of readRecords(physicalLines(spreadBytes(database, path, encoding)), readable)) {
    if (!('fields' in record)) continue;
    if (isHeader) isHeader = false;
    else if (record.fields.length === names.length) rows.push(record.fields.map((cell) => cell.trim()));
  }
  return {
    source: { ...source, ...(encoding === 'utf-8' ? {} : { encoding }) },
    names,
    rows: rows.items,
    reasons: [
      ...reasons,
      { what: 'encoding', value: encoding, reason, ...(isGuess ? { confidence: 'guess' } : {}) },
    ],
  };
}

interface DecodedHead {
  readonly encoding: TextEncoding;
  readonly head: readonly string[];
  readonly reason: string;
}

/** The first lines as text, and the encoding that was stated or all lines looked at agree with. Throws `UserError` SNIFF_ENCODING. */
async function decodedHead(
  database: Database,
  path: string,
  stated: TextEncoding | undefined,
): Promise<DecodedHead> {
  const head: Buffer[] = [];
  const others: Buffer[] = [];
  let several = 0;
  for await (const line of physicalLines(spreadBytes(database, path, stated ?? 'utf-8'))) {
    if (head.length < HEAD_LINES) head.push(line);
    if (!isUtf8(line)) others.push(line);
    else if (line.some((byte) => byte >= 0x80)) several++;
  }
  const decoded = (asIs: TextEncoding, encoding: TextEncoding, reason: string): DecodedHead => ({
    encoding,
    head: head.map((line) => (asIs === 'utf-8' ? line.toString('utf8') : decodedText(line, asIs)!)),
    reason,
  });
  if (stated !== undefined)
    return decoded(
      stated === 'latin-1' ? stated : 'utf-8',
      stated,
      stated.startsWith('utf-16') ? 'two bytes a character' : 'as stated',
    );
  if (others.length === 0) return decoded('utf-8', 'utf-8', 'all bytes are UTF-8');
  // Text of another encoding is hardly ever UTF-8 by chance: where most lines that can tell are, the rest is damaged.
  if (several > others.length)
    return decoded(
      'utf-8',
      'utf-8',
      `${several} lines looked at hold letters of UTF-8, and ${others.length} bytes that are none: prep names the line`,
    );
  const bytes = Buffer.concat(others.slice(0, HEAD_LINES).flatMap((line) => [line, Buffer.from('\n')]));
  const { western, example } = westernWords(decodedText(bytes, 'windows-1252') ?? '');
  if (!western) throw unknownEncoding(path, bytes);
  // Latin-1 has nothing but control characters there.
  const encoding = bytes.some((byte) => byte >= 0x80 && byte < 0xa0) ? 'windows-1252' : 'latin-1';
  return decoded(
    'windows-1252',
    encoding,
    `some bytes are no UTF-8; read so there is "${example}": state another by --encoding if that is wrong`,
  );
}

const isMarked = (line: string, mark: string): boolean => line.trimStart().startsWith(mark);

/** What lines before the table begin with, where the table itself does not; or lines among its rows without which it is none. */
function commentMark(head: readonly string[]): string | undefined {
  const between = COMMENT_MARKS.filter((mark) => head.slice(1).some((line) => isMarked(line, mark)));
  const without = (mark: string): readonly string[] => head.filter((line) => !isMarked(line, mark));
  if (between.length > 0 && findDialect(head) === undefined)
    return between.find((mark) => findDialect(without(mark)) !== undefined);
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
    ...(dialect.escape === undefined ? {} : { escape: dialect.escape }),
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
