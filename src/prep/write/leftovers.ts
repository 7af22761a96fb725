// Folders that killed runs left behind: `<name>.<pid>.work`, `.tmp`, `.old` whose process is gone.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes what no living process can still be writing. */
export async function removeLeftovers(directory: string): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const name of await readdir(directory)) {
    const pid = /\.(\d+)\.(?:work|tmp|old)$/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    await rm(join(directory, name), { recursive: true, force: true });
    removed.push(name);
  }
  return removed;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
