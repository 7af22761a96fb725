// Rows of CSV text as they come in: one record at a time, so that memory does not grow with the input.
import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { CsvError, parse } from 'csv-parse';
import { UserError } from '../../errors.js';
import { decodedText, SEVERAL_BYTES } from '../../prep/descriptor/encodings.js';
import { PLAIN, type RowDialect } from './row-dialect.js';

/** What errors call the input. */
export const INPUT_NAME = 'standard input';

/** Longest record, in bytes: a quote that is never closed must not read the whole input into memory. */
const LARGEST_RECORD = 1 << 20;

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

export interface CsvRow {
  readonly fields: readonly string[];
  /** Line of the input, from 1, on which the row begins. */
  readonly line: number;
}

/**
 * The records of a stream that errors call `name`, the header among them; empty lines are none. `dialectOf` is given the first line. A record
 * that is UTF-8 is taken as such, whatever the dialect's encoding: the same rows are often passed on by another program. Throws
 * UserError ROWS_BAD_CSV and ROWS_BAD_ENCODING.
 */
export async function* csvRows(
  input: NodeJS.ReadableStream,
  dialectOf: (header: string) => RowDialect = () => PLAIN,
  name = INPUT_NAME,
): AsyncGenerator<CsvRow> {
  const { line: header, bytes: rest } = await peek(input);
  const dialect = dialectOf(header.toString('utf8'));
  const { delimiter, quote } = dialect;
  const parser = parse({
    delimiter,
    quote,
    ...(quote === null ? {} : { escape: dialect.escape }),
    encoding: null,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true, // ragged rows are told by whoever knows the header
    max_record_size: LARGEST_RECORD,
  });
  const bytes = Readable.from(rest, { objectMode: false });
  bytes.once('error', (error: Error) => void parser.destroy(error));
  bytes.pipe(parser);
  // Counted here: the parser counts a line break inside quotes twice when it is CR LF.
  let line = 1;
  try {
    for await (const buffers of parser as AsyncIterable<readonly Buffer[]>) {
      const fields = decoded(buffers, dialect, name, line);
      if (fields.length > 1 || fields[0] !== '') yield { fields, line };
      line += 1 + lineBreaks(fields);
    }
  } catch (error) {
    throw error instanceof CsvError ? badCsv(error, name, line) : error;
  } finally {
    bytes.destroy();
  }
}

/** The first line, and all bytes, those of it among them; UTF-16 that says so by its mark becomes UTF-8. */
async function peek(
  input: NodeJS.ReadableStream,
): Promise<{ readonly line: Buffer; readonly bytes: AsyncIterable<Buffer> }> {
  const pieces = asUtf8(piecesOf(input))[Symbol.asyncIterator]();
  let read = Buffer.alloc(0);
  let ended = false;
  while (!ended && !/[\r\n]/.test(read.toString('latin1')) && read.length < LARGEST_RECORD) {
    const next = await pieces.next();
    ended = next.done === true;
    if (next.done !== true) read = Buffer.concat([read, next.value]);
  }
  if (read.subarray(0, 3).equals(BYTE_ORDER_MARK)) read = read.subarray(3);
  const end = read.findIndex((byte) => byte === 10 || byte === 13);
  async function* bytes(): AsyncGenerator<Buffer> {
    if (read.length > 0) yield read;
    if (!ended) yield* { [Symbol.asyncIterator]: () => pieces };
  }
  return { line: end < 0 ? read : read.subarray(0, end), bytes: bytes() };
}

/** Without ending the input where its reader stops: it is not ours. */
async function* piecesOf(input: NodeJS.ReadableStream): AsyncGenerator<Buffer> {
  for await (const piece of (input as Readable).iterator({ destroyOnReturn: false }))
    yield Buffer.from(piece as Uint8Array | string);
}

async function* asUtf8(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let decoder: TextDecoder | undefined;
  let isFirst = true;
  for await (const piece of pieces) {
    if (isFirst && piece[0] === 0xff && piece[1] === 0xfe) decoder = new TextDecoder('utf-16le');
    if (isFirst && piece[0] === 0xfe && piece[1] === 0xff) decoder = new TextDecoder('utf-16be');
    isFirst = false;
    yield decoder === undefined ? piece : Buffer.from(decoder.decode(piece, { stream: true }));
  }
}

function decoded(
  fields: readonly Buffer[],
  dialect: RowDialect,
  name: string,
  line: number,
): readonly string[] {
  if (fields.every((field) => isUtf8(field))) return fields.map((field) => field.toString('utf8'));
  const { encoding } = dialect;
  const known = encoding !== 'utf-8' && !encoding.startsWith('utf-16');
  const texts = fields.map((field) => (known ? decodedText(field, encoding) : undefined));
  // A later byte of a character may look like a sign from `@` on: such signs part fields where there are none.
  const isTorn =
    SEVERAL_BYTES.includes(encoding) && [...(dialect.delimiter + dialect.escape)].some((mark) => mark >= '@');
  if (!isTorn && texts.every((text) => text !== undefined)) return texts;
  throw new UserError({
    code: 'ROWS_BAD_ENCODING',
    where: `${name}:${line}`,
    what: 'The row is not UTF-8, and not in an encoding of the log of this bundle that rows can be told by.',
    next: 'Pass the rows in UTF-8, or in the encoding of the log.',
  });
}

function lineBreaks(fields: readonly string[]): number {
  let count = 0;
  for (const field of fields)
    for (let at = field.indexOf('\n'); at >= 0; at = field.indexOf('\n', at + 1)) count++;
  return count;
}

/** `line`: of the last record that was handed on; the parser may be further. */
function badCsv(error: CsvError, name: string, line: number): UserError {
  const { lines = 0 } = error as { lines?: number };
  return new UserError({
    code: 'ROWS_BAD_CSV',
    where: `${name}:${Math.max(line, lines)}`,
    what: `This is no CSV: ${error.message}.`,
    next: 'Separate fields by commas (or as the log does), and quote those that hold one, a quote or a line break.',
  });
}
