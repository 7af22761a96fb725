// A sample of all of a file: every so many rows of it, and of a large one only blocks that are spread evenly from its first to its last byte.
import { open, stat } from 'node:fs/promises';
import type { Database } from '../../database/database.js';
import type { TextEncoding } from '../../prep/descriptor/encodings.js';
import { isDecoded, textBytes } from '../../prep/sources/text-lines.js';

/** Rows that are looked at: at least so many where there are as many, at most twice. */
export const SAMPLE_ROWS = 10_000;

/** Up to this size all of a file is read. */
const WHOLE_BYTES = 64 << 20;
/** Of a larger one: its beginning, then blocks in equal distances, the last of which ends the file. */
const FIRST_BLOCK = 8 << 20;
const BLOCK = 1 << 20;
const BLOCKS = 48;

interface Thinned<T> {
  push(item: T): void;
  readonly items: readonly T[];
}

/** Keeps every n-th item, n doubling so that at most twice `limit` are held: an even sample of a stream of any length. */
export function thinned<T>(limit: number): Thinned<T> {
  let stride = 1;
  let seen = 0;
  let kept: T[] = [];
  return {
    push: (item) => {
      if (seen++ % stride !== 0) return;
      kept.push(item);
      if (kept.length <= 2 * limit) return;
      kept = kept.filter((_, index) => index % 2 === 0);
      stride *= 2;
    },
    get items() {
      return kept;
    },
  };
}

/** Whether only a part of a file would be read. */
const isPartial = async (path: string, encoding: TextEncoding): Promise<boolean> =>
  !/\.(gz|zst)$/.test(path) && !encoding.startsWith('utf-16') && (await stat(path)).size > WHOLE_BYTES;

/** The bytes of whole lines: all of the file, or of its blocks. */
export async function* spreadBytes(
  database: Database,
  path: string,
  encoding: TextEncoding,
): AsyncIterable<Buffer> {
  if (!(await isPartial(path, encoding))) return yield* textBytes(database, path, encoding);
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const decode = (bytes: Buffer): Buffer =>
      isDecoded(encoding) ? Buffer.from(new TextDecoder(encoding).decode(bytes)) : bytes;
    for (let block = 0; block <= BLOCKS; block++) {
      const length = block === 0 ? FIRST_BLOCK : BLOCK;
      const from =
        block === 0 ? 0 : Math.floor(FIRST_BLOCK + ((size - FIRST_BLOCK - BLOCK) * block) / BLOCKS);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
      const bytes = buffer.subarray(0, bytesRead);
      // A block begins after the first line end in it, and ends with the last.
      const begin = block === 0 ? 0 : bytes.indexOf(10) + 1;
      const end = from + bytesRead >= size ? bytesRead : bytes.lastIndexOf(10) + 1;
      if (end > begin) yield decode(bytes.subarray(begin, end));
    }
  } finally {
    await file.close();
  }
}
