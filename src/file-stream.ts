// A file's bytes in large pieces, none larger than the file.
import { createReadStream, type ReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

const LEAST = 1 << 16;
const MOST = 4 << 20;

/** Opens a file to be read once. A buffer is made for each piece: one of megabytes for every small file keeps the collector busy. */
export async function fileStream(path: string): Promise<ReadStream> {
  // What cannot be asked for its size cannot be opened either, and the stream says why.
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  return createReadStream(path, { highWaterMark: Math.min(Math.max(size, LEAST), MOST) });
}
