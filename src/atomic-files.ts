// Files appear whole or not at all: written under a temporary name, flushed to disk, then renamed.
import { rmSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { onInterruption } from './interruption.js';

/** Writes a file so that a reader, or a crash, sees the old content or the new, never a part. */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  const withdraw = onInterruption(() => {
    rmSync(temporary, { force: true });
    return undefined;
  });
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
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
 * When `fill` throws, `path` is untouched and the temporary folder is gone.
 */
export async function writeFolderAtomic(
  path: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  const withdraw = onInterruption(() => {
    rmSync(temporary, { recursive: true, force: true, maxRetries: 3 });
    return undefined;
  });
  try {
    await fill(temporary);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  } finally {
    withdraw();
  }
  const replaced = `${path}.${process.pid}.old`;
  const stood = await rename(path, replaced).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
  try {
    await rename(temporary, path);
  } catch (error) {
    if (stood) await rename(replaced, path);
    throw error;
  }
  await rm(replaced, { recursive: true, force: true });
}
