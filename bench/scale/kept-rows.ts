// Measured rows in a file beside the logs, written after each stage: a bench that was stopped goes on where it was.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeJsonAtomic } from '../../src/atomic-files.js';
import type { ScaleRow } from './scale-row.js';

const file = (folder: string): string => join(folder, 'scale-rows.json');

/** The rows kept in a folder; none where nothing was kept. */
export async function keptRows(folder: string): Promise<readonly ScaleRow[]> {
  return existsSync(file(folder))
    ? (JSON.parse(await readFile(file(folder), 'utf8')) as readonly ScaleRow[])
    : [];
}

export const keepRows = (folder: string, rows: readonly ScaleRow[]): Promise<void> =>
  writeJsonAtomic(file(folder), rows);
