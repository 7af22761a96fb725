// Files and folders appear whole or not at all: written under a temporary name, flushed to disk, then renamed.
import { existsSync, renameSync, rmSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { onInterruption } from './interruption.js';
import { removeLeftovers } from './leftovers.js';
import { temporaryNames } from './temporary-names.js';

/** Of another process that replaces the same folder at the same time: then again, the last one stands. */
const MOST_TRIES = 100;

/** Writes a file so that a reader, or a crash, sees the old content or the new, never a part. */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  await makeFileAtomic(path, async (temporary) => {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  });
}

/** The same for a file that `write` makes at the path it is given. */
export async function makeFileAtomic(path: string, write: (path: string) => Promise<void>): Promise<void> {
  await prepareFor(path);
  const temporary = temporaryNames(path)('tmp');
  const withdraw = onInterruption(() => {
    rmSync(temporary, { force: true });
    return undefined;
  });
  try {
    await write(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    withdraw();
  }
}

/** Pretty JSON with a final newline, written atomically. */
export async function writeJsonAtomic(path: string, value: unknown): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
}

/**
 * Fills a folder under a temporary name beside `path`, then puts it in place of whatever stood there.
 * When `fill` throws, `path` is untouched and the temporary folder is gone. A process killed between the two renames that this takes
 * leaves both; `settle` and the next writer end what it began.
 */
export async function writeFolderAtomic(
  path: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  await prepareFor(path);
  const name = temporaryNames(path);
  const [temporary, replaced] = [name('tmp'), name('old')];
  const withdraw = onInterruption(() => {
    for (const folder of [temporary, replaced])
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    return undefined;
  });
  try {
    await mkdir(temporary);
    await fill(temporary);
    putInPlace(temporary, path, replaced);
    await rm(replaced, { recursive: true, force: true });
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  } finally {
    withdraw();
  }
}

/** At once, so that no interruption comes in between. */
function putInPlace(temporary: string, path: string, replaced: string): void {
  for (let tries = 1; ; tries++) {
    const stood = movedAside(path, replaced);
    try {
      renameSync(temporary, path);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const taken = (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'EPERM') && existsSync(path);
      if (stood && taken) rmSync(replaced, { recursive: true, force: true });
      else if (stood) renameSync(replaced, path);
      if (!taken || tries === MOST_TRIES) throw error;
    }
  }
}

function movedAside(path: string, replaced: string): boolean {
  try {
    renameSync(path, replaced);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function prepareFor(path: string): Promise<void> {
  const directory = dirname(resolve(path));
  await mkdir(directory, { recursive: true });
  await removeLeftovers(directory, basename(path));
}
