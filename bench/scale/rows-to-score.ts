// The first rows of a made-up log as a file to score, copied piece by piece: it may be longer than a string may be.
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const NEWLINE = 0x0a;

/** Gives the path of a CSV file with the header and `rows` rows. */
export async function rowsToScore(folder: string, rows: number): Promise<string> {
  const path = join(folder, 'rows.csv');
  await pipeline(
    createReadStream(join(folder, 'events.csv')),
    async function* (pieces: AsyncIterable<Buffer>) {
      // The header is a line too.
      let left = rows + 1;
      for await (const piece of pieces) {
        let end = 0;
        while (left > 0) {
          const at = piece.indexOf(NEWLINE, end);
          if (at === -1) break;
          end = at + 1;
          left--;
        }
        yield left > 0 ? piece : piece.subarray(0, end);
        if (left === 0) return;
      }
    },
    createWriteStream(path),
  );
  return path;
}
