// The bytes and first lines of a text file, whatever it is packed with and however it is encoded.
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';
import type { Database } from '../../database/database.js';
import { csvFile } from '../../database/files.js';
import { UserError } from '../../errors.js';
import type { TextEncoding } from '../descriptor/encodings.js';
import { physicalLines } from './physical-lines.js';

/** The unpacked bytes of a file. Node gained zstd late, so `.zst` is unpacked by DuckDB, line by line. */
function unpackedBytes(database: Database, path: string): AsyncIterable<Buffer> {
  if (path.endsWith('.zst')) return zstdLines(database, path);
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  if (!path.endsWith('.gz')) return file;
  const unpacked = createGunzip();
  file.on('error', (error) => unpacked.destroy(error));
  return file.pipe(unpacked);
}

async function* zstdLines(database: Database, path: string): AsyncIterable<Buffer> {
  // Latin-1 maps every byte to one character, so that bytes that are no UTF-8 come through and are judged later.
  const lines = await database.stream(
    `SELECT line FROM ${csvFile(
      path,
      'auto_detect = false',
      "columns = {'line': 'VARCHAR'}",
      "delim = '\u0001'",
      "quote = ''",
      "escape = ''",
      'header = false',
      "encoding = 'latin-1'",
      'strict_mode = false',
      'max_line_size = 16777216',
      'buffer_size = 16777216',
    )}`,
  );
  for (;;) {
    const chunk = await lines.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    const block = chunk.getColumnValues(0).map((line) => `${line ?? ''}\n`);
    yield Buffer.from(block.join(''), 'latin1');
  }
}

/** Encodings that the database or the readers know; the decoder of the platform knows the others. */
const READ = ['utf-8', 'latin-1'] as const;
type Decoded = Exclude<TextEncoding, (typeof READ)[number]>;

export const isDecoded = (encoding: TextEncoding): encoding is Decoded =>
  !READ.some((one) => one === encoding);

/** Throws `UserError` DATA_ENCODING for bytes that are not of the encoding. */
function wrongBytes(path: string, encoding: TextEncoding, cause: unknown): UserError {
  return new UserError(
    {
      code: 'DATA_ENCODING',
      where: basename(path),
      what: `The file is not ${encoding} throughout.`,
      next: 'Set the encoding that the file has, or convert it to UTF-8.',
    },
    { cause },
  );
}

/** The unpacked text of a file in the bytes that readers know: UTF-8 where it was decoded, else as they are. */
export async function* textBytes(
  database: Database,
  path: string,
  encoding: TextEncoding,
): AsyncIterable<Buffer> {
  if (!isDecoded(encoding)) return yield* unpackedBytes(database, path);
  let decoder: TextDecoder | undefined;
  try {
    for await (const bytes of unpackedBytes(database, path)) {
      const isBig = encoding === 'utf-16' && bytes[0] === 0xfe && bytes[1] === 0xff;
      decoder ??= new TextDecoder(isBig ? 'utf-16be' : encoding, { fatal: true });
      yield Buffer.from(decoder.decode(bytes, { stream: true }));
    }
    const rest = decoder?.decode() ?? '';
    if (rest !== '') yield Buffer.from(rest);
  } catch (error) {
    throw error instanceof TypeError ? wrongBytes(path, encoding, error) : error;
  }
}

/** The unpacked text of a file in UTF-8, for readers that know nothing else; bytes that are no UTF-8 stay where that is the encoding. */
export async function* utf8Bytes(
  database: Database,
  path: string,
  encoding: TextEncoding,
): AsyncIterable<Buffer> {
  if (encoding !== 'latin-1') return yield* textBytes(database, path, encoding);
  for await (const bytes of unpackedBytes(database, path)) yield Buffer.from(bytes.toString('latin1'));
}

/** The first `count` lines as bytes (those of `textBytes`), without line ends and without a byte-order mark. */
export async function firstLines(
  database: Database,
  path: string,
  count: number,
  encoding: TextEncoding = 'utf-8',
  bytesOf = textBytes,
): Promise<readonly Buffer[]> {
  const lines: Buffer[] = [];
  for await (const line of physicalLines(bytesOf(database, path, encoding))) {
    lines.push(line);
    if (lines.length >= count) break;
  }
  const [first] = lines;
  if (first?.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))) lines[0] = first.subarray(3);
  return lines;
}
