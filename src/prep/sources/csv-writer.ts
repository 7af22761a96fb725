// Plain CSV for our own readers: every field quoted, no header.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

interface CsvWriter {
  /** Appends one row; waits while the disk is behind. */
  write(fields: readonly string[]): Promise<void>;
  written(): number;
  close(): Promise<void>;
}

export function csvWriter(path: string): CsvWriter {
  const stream = createWriteStream(path, { highWaterMark: 1 << 20 });
  const done = finished(stream);
  let rows = 0;
  return {
    write: async (fields) => {
      rows++;
      const line = `${fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(',')}\n`;
      if (!stream.write(line)) await Promise.race([once(stream, 'drain'), done]);
    },
    written: () => rows,
    close: async () => {
      stream.end();
      await done;
    },
  };
}
