// Physical lines of a text file, whatever it is packed with.
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { Database } from '../../database/database.js';
import { csvFile } from '../../database/files.js';

/** The unpacked bytes of a file. Node gained zstd late, so `.zst` is unpacked by DuckDB, line by line. */
export function unpackedBytes(database: Database, path: string): AsyncIterable<Buffer> {
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

/** The first `count` lines as bytes, without line ends and without a byte-order mark. */
export async function firstLines(
  database: Database,
  path: string,
  count: number,
): Promise<readonly Buffer[]> {
  const lines: Buffer[] = [];
  let rest = Buffer.alloc(0);
  for await (const bytes of unpackedBytes(database, path)) {
    rest = Buffer.concat([rest, bytes]);
    for (let end = rest.indexOf(10); end >= 0 && lines.length < count; end = rest.indexOf(10)) {
      lines.push(rest.subarray(0, rest[end - 1] === 13 ? end - 1 : end));
      rest = rest.subarray(end + 1);
    }
    if (lines.length >= count) break;
  }
  if (lines.length < count && rest.length > 0) lines.push(rest);
  const [first] = lines;
  if (first?.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))) lines[0] = first.subarray(3);
  return lines;
}
