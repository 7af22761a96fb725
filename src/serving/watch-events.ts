// Micro-batches: files of events that appear in a folder, one refresh each, in the order of their names.
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError, UserErrors } from '../errors.js';

interface WatchRequest {
  readonly folder: string;
  /** How often it is looked into. */
  readonly everyMs: number;
  /** Ends when there is no file left, instead of waiting for more. */
  readonly once: boolean;
  /** Ends it between two files. */
  readonly signal: AbortSignal;
  /** Takes in one file; what it throws of the file's own (UserError) sets the file aside. */
  readonly take: (path: string, name: string) => Promise<void>;
  readonly onFault: (name: string, error: UserError | UserErrors) => void;
}

interface Watched {
  readonly done: number;
  readonly failed: number;
}

/**
 * A file that was taken in goes to `done/` in the folder, one that was refused to `failed/`. Killed in between, the file comes again, and
 * changes nothing: events that are stored are known. Names that begin with a dot or end in `.tmp` or `.part` are somebody's who still writes, and
 * so is a file that grew since the last look.
 */
export async function watchEvents(request: WatchRequest): Promise<Watched> {
  const { folder, everyMs, once, signal } = request;
  let [done, failed] = [0, 0];
  let sizes = new Map<string, number>();
  for (;;) {
    const found = await filesIn(folder);
    const whole = [...found].filter(([name, size]) => sizes.get(name) === size).map(([name]) => name);
    sizes = found;
    for (const name of whole.sort()) {
      if (signal.aborted) return { done, failed };
      sizes.delete(name);
      const isDone = await taken(request, name);
      if (isDone) done++;
      else failed++;
    }
    if (signal.aborted || (once && sizes.size === 0)) return { done, failed };
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

async function taken({ folder, take, onFault }: WatchRequest, name: string): Promise<boolean> {
  const path = join(folder, name);
  try {
    await take(path, name);
    await moved(folder, name, 'done');
    return true;
  } catch (error) {
    const isOfFile = error instanceof UserErrors || error instanceof UserError;
    if (!isOfFile || (error instanceof UserError && !ofFile(error.code))) throw error;
    onFault(name, error);
    await moved(folder, name, 'failed');
    return false;
  }
}

/** Faults of the events; others, of the bundle or a store, would meet the next file too. */
const ofFile = (code: string): boolean => /^(EVENTS|DATA|ROWS)_/.test(code);

async function moved(folder: string, name: string, to: 'done' | 'failed'): Promise<void> {
  await mkdir(join(folder, to), { recursive: true });
  await rename(join(folder, name), join(folder, to, name));
}

/** Sizes by name. */
async function filesIn(folder: string): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile() || /^\.|\.(?:tmp|part)$/.test(entry.name)) continue;
    sizes.set(entry.name, (await stat(join(folder, entry.name))).size);
  }
  return sizes;
}
