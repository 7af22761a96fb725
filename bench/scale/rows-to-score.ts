// The first rows of a made-up log as a file to score.
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Gives the path of a CSV file with the header and `rows` rows. */
export async function rowsToScore(folder: string, rows: number): Promise<string> {
  const path = join(folder, 'rows.csv');
  const lines: string[] = [];
  const log = createReadStream(join(folder, 'events.csv'));
  for await (const line of createInterface({ input: log })) {
    lines.push(line);
    if (lines.length > rows) break;
  }
  log.destroy();
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}
