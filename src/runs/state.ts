// Whether a run is finished, at work, failed or interrupted: read from the marks in its folder, never guessed from its content.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { writeJsonAtomic } from '../atomic-files.js';
import { readRunJson } from './read.js';

export type RunState = 'finished' | 'running' | 'failed' | 'interrupted';

/** Written last; a folder without it is not a finished run. */
export const DONE = 'DONE';
/** There while a process works on the run. */
export const RUNNING = 'RUNNING';
/** What stopped the run, when it was an error and not the user. */
export const FAILED = 'FAILED';

const workerSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  /** When the process began, as its system counts; tells a reused process number. Null where the system does not say. */
  began: z.string().nullable(),
});
type Worker = Readonly<z.output<typeof workerSchema>>;

const failureSchema = z.object({ at: z.string(), message: z.string() });

/** State of the run in `folder`. A RUNNING mark counts only while its process lives. Throws RUN_DAMAGED for a mark that cannot be read. */
export function runState(folder: string): RunState {
  if (existsSync(join(folder, DONE))) return 'finished';
  if (workerOf(folder) !== undefined) return 'running';
  return existsSync(join(folder, FAILED)) ? 'failed' : 'interrupted';
}

/** The live process that works on the run, if any. One on another host is taken to live. */
export function workerOf(folder: string): Worker | undefined {
  const path = join(folder, RUNNING);
  if (!existsSync(path)) return undefined;
  const worker = readRunJson(path, workerSchema, 'Delete it if nothing works on this run.');
  return worker.host !== hostname() || isAlive(worker) ? worker : undefined;
}

/** Marks the run as worked on by this process. */
export async function markRunning(folder: string): Promise<void> {
  const worker: Worker = { pid: process.pid, host: hostname(), began: beganAt(process.pid) };
  rmSync(join(folder, FAILED), { force: true });
  await writeJsonAtomic(join(folder, RUNNING), worker);
}

/** Takes the mark away; synchronous, so that it also works while the process is being stopped. */
export function unmarkRunning(folder: string): void {
  rmSync(join(folder, RUNNING), { force: true });
}

/** Notes what stopped the run. */
export async function markFailed(folder: string, message: string, at: Date): Promise<void> {
  await writeJsonAtomic(join(folder, FAILED), { at: at.toISOString(), message });
  unmarkRunning(folder);
}

/** What stopped the run; null where no error did. Throws RUN_DAMAGED. */
export function failureOf(folder: string): string | null {
  const path = join(folder, FAILED);
  return existsSync(path) ? readRunJson(path, failureSchema).message : null;
}

function isAlive({ pid, began }: Worker): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to someone else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return began === null || began === beganAt(pid);
}

/** Start time of a process in clock ticks since boot (field 22 of Linux's stat file); null elsewhere. */
function beganAt(pid: number): string | null {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return null;
  // The second field is the program's name in parentheses and may hold spaces: count from after it.
  const text = readFileSync(path, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}
