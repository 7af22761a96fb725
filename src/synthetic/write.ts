// Writes the synthetic log as raw files, a chunk at a time, in the layout that datasets/synthetic.yaml reads.
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Progress, silent } from '../progress.js';
import {
  ENTITY_HEADER,
  encodeEvents,
  encodeItems,
  encodeMembers,
  eventHeader,
  ITEM_HEADER,
} from './encode.js';
import { syntheticEvents } from './events.js';
import { parquetFromCsv } from './parquet-from-csv.js';
import type { SyntheticWorld } from './world.js';

interface SyntheticFiles {
  /** Of the events; members and items are CSV always. */
  readonly format: 'csv' | 'parquet';
  /** Rows after which a new file of events begins, rounded up to whole chunks of 65,536. */
  readonly rowsPerFile: number;
  /** Whether the events hold the true probability. */
  readonly truth: boolean;
}

export const SYNTHETIC_FILES: SyntheticFiles = { format: 'csv', rowsPerFile: 5_000_000, truth: true };

const CHUNK_ROWS = 65_536;
const MEMBERS_A_WRITE = 20_000;

/**
 * Writes entities.csv, items.csv and events-0000.csv (or .parquet) … into `directory`, which must exist, and
 * returns their paths. Memory: the planted world and one chunk of events, whatever their number.
 */
export async function writeSynthetic(
  directory: string,
  world: SyntheticWorld,
  files: SyntheticFiles = SYNTHETIC_FILES,
  progress: Progress = silent,
): Promise<readonly string[]> {
  const entities = join(directory, 'entities.csv');
  const items = join(directory, 'items.csv');
  await withFile(entities, async (file) => {
    await file.appendFile(ENTITY_HEADER);
    for (let from = 0; from < world.members.count; from += MEMBERS_A_WRITE)
      await file.appendFile(
        encodeMembers(world.members, from, Math.min(from + MEMBERS_A_WRITE, world.members.count)),
      );
  });
  await withFile(items, async (file) => {
    await file.appendFile(ITEM_HEADER + encodeItems(world.items));
  });
  return [entities, items, ...(await writeEvents(directory, world, files, progress))];
}

async function writeEvents(
  directory: string,
  world: SyntheticWorld,
  files: SyntheticFiles,
  progress: Progress,
): Promise<readonly string[]> {
  const written: string[] = [];
  const total = world.options.events;
  const chunks = syntheticEvents(world, Math.min(CHUNK_ROWS, files.rowsPerFile));
  let done = 0;
  while (done < total) {
    const path = join(directory, `events-${String(written.length).padStart(4, '0')}.csv`);
    const full = done + files.rowsPerFile;
    await withFile(path, async (file) => {
      await file.appendFile(eventHeader(files.truth));
      while (done < Math.min(full, total)) {
        const chunk = chunks.next();
        if (chunk.done === true) throw new RangeError(`the events ended at ${done} of ${total}`);
        await file.appendFile(encodeEvents(chunk.value, files.truth));
        done += chunk.value.rows;
        progress({ kind: 'step', done, total, unit: 'events' });
      }
    });
    written.push(files.format === 'parquet' ? await parquetFromCsv(path) : path);
  }
  return written;
}

async function withFile(path: string, fill: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, 'w');
  try {
    await fill(file);
  } finally {
    await file.close();
  }
}
