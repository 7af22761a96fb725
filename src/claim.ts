// One process at a time: a file that names who works on something, made by whoever comes first.
import { constants, copyFileSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { UserError } from './errors.js';
import { onInterruption } from './interruption.js';
import { removeLeftovers } from './leftovers.js';
import { isAlive, ownMark } from './living-process.js';
import { temporaryNames } from './temporary-names.js';

export const holderSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  /** When the process began, as its system counts; tells a reused process number. Null where the system does not say. */
  began: z.string().nullable(),
});
export type Holder = Readonly<z.output<typeof holderSchema>>;

const LOOK_MS = 50;
/** What file systems without hard links say. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** Whether the holder may still be at work. One on another host is taken to be. */
export function holds(holder: Holder): boolean {
  return holder.host !== hostname() || isAlive(holder);
}

/**
 * Makes the file at `path`, or says who holds it. A holder that is dead, and one that cannot be read (`undefined`: nothing this
 * program wrote whole), makes way. The file appears with its content or not at all.
 */
export function claim(path: string): Holder | undefined {
  const mark: Holder = { ...ownMark(), host: hostname() };
  const name = temporaryNames(path);
  writeFileSync(name('tmp'), `${JSON.stringify(mark, null, 2)}\n`);
  try {
    for (;;) {
      if (linked(name('tmp'), path)) return undefined;
      const holder = holderOf(path);
      if (holder !== undefined && holds(holder)) return holder;
      makeWay(path, name('old'));
    }
  } finally {
    rmSync(name('tmp'), { force: true });
  }
}

/** Gives back; synchronous, so that it also works while the process is being stopped. */
export function release(path: string): void {
  rmSync(path, { force: true });
}

/** Does `work` while no other process does the same under this `path`; waits for one that does. Throws BUSY after `patienceMs`. */
export async function inTurn<T>(path: string, patienceMs: number, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  await removeLeftovers(dirname(path), basename(path));
  for (let waited = 0; ; waited += LOOK_MS) {
    const holder = claim(path);
    if (holder === undefined) break;
    if (waited >= patienceMs)
      throw new UserError({
        code: 'BUSY',
        where: path,
        what: `Process ${holder.pid} on ${holder.host} is writing here.`,
        next: 'Try again when it is done. If nothing is at work, delete the file.',
      });
    await sleep(LOOK_MS);
  }
  const withdraw = onInterruption(() => {
    release(path);
    return undefined;
  });
  try {
    return await work();
  } finally {
    release(path);
    withdraw();
  }
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!NO_LINKS.has(code)) throw error;
  }
  try {
    copyFileSync(from, to, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function holderOf(path: string): Holder | undefined {
  try {
    return holderSchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch {
    // Gone meanwhile, or not written by us: in both cases nobody is named.
    return undefined;
  }
}

/** Moves a dead mark away; one that came to stand there in the meantime is put back. */
function makeWay(path: string, aside: string): void {
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = holderOf(aside);
  if (moved !== undefined && holds(moved)) linked(aside, path);
  rmSync(aside, { force: true });
}
