// A run taken away: aside at once, so that no list shows half of it, then from the disk.
import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryNames } from '../temporary-names.js';
import { takeOut } from './marks.js';
import type { RunPlace } from './places.js';

/** Removes a run with its note, and with its tags where that is `meant`. Returns the bytes that it took. Throws RUN_NEEDED and BUSY. */
export async function removeRun({ id, path }: RunPlace, meant: boolean): Promise<number> {
  const runsFolder = dirname(path);
  const bytes = bytesOf(path);
  // Whoever begins a run here ends what is killed from here on.
  const aside = temporaryNames(join(runsFolder, `.${id}`))('work');
  await takeOut(runsFolder, id, meant, () => renameSync(path, aside));
  rmSync(aside, { recursive: true, force: true, maxRetries: 3 });
  return bytes;
}

export function bytesOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce(
      (sum, { parentPath, name }) =>
        sum + (statSync(join(parentPath, name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
}
