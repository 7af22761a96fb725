// What processes left behind when they were killed: half-written things are removed, a replacement that was interrupted is ended.
import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './living-process.js';
import { readTemporaryName, type TemporaryName } from './temporary-names.js';

interface Leftover extends TemporaryName {
  readonly name: string;
}

/** How long a reader waits for what another process is putting in place, and how often it looks. */
const PATIENCE_MS = 5000;
const LOOK_MS = 20;

/**
 * Removes from a folder what dead processes of this program on this host left there (of `base` only, if given), and ends what they
 * had begun to put in place. Nothing else is touched: not what a living process works on, nor another host's, nor the user's.
 */
export async function removeLeftovers(directory: string, base?: string): Promise<readonly string[]> {
  const dead = (await temporaries(directory, base)).filter(({ owner }) => !isAlive(owner));
  for (const { name, base: standsFor, kind, stamp } of dead) {
    const path = join(directory, standsFor);
    if (kind !== 'old' || existsSync(path)) continue;
    // Killed between the two renames. The new one was whole before the old one was moved aside.
    const fresh = dead.find((other) => other.kind === 'tmp' && other.stamp === stamp);
    await rename(join(directory, fresh?.name ?? name), path).catch((error: NodeJS.ErrnoException) => {
      // Another process was quicker.
      if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(error.code ?? '')) throw error;
    });
  }
  for (const { name } of dead) await rm(join(directory, name), { recursive: true, force: true });
  return dead.map(({ name }) => name);
}

/** Before `path` is read: ends a replacement of it that was interrupted, or waits a moment for one that is under way. */
export async function settle(path: string): Promise<void> {
  const [directory, base] = [dirname(resolve(path)), basename(resolve(path))];
  for (let waited = 0; !existsSync(path) && waited < PATIENCE_MS; waited += LOOK_MS) {
    const moved = (await temporaries(directory, base)).filter(({ kind }) => kind === 'old');
    if (moved.length === 0) return;
    if (moved.some(({ owner }) => isAlive(owner))) await sleep(LOOK_MS);
    else await removeLeftovers(directory, base);
  }
}

async function temporaries(directory: string, base: string | undefined): Promise<readonly Leftover[]> {
  if (!existsSync(directory)) return [];
  return (await readdir(directory)).flatMap((name) => {
    const read = readTemporaryName(name);
    return read === undefined || (base !== undefined && read.base !== base) ? [] : [{ ...read, name }];
  });
}
