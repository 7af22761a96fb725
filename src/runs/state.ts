// Whether a run is finished, at work, failed or interrupted: read from the marks in its folder, never guessed from its content.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { claim, type Holder, holderSchema, holds, release } from '../claim.js';
import { readRunJson, writeRunJson } from './json.js';

export type RunState = 'finished' | 'running' | 'failed' | 'interrupted';

/** Written last; a folder without it is not a finished run. */
export const DONE = 'DONE';
/** There while a process works on the run. */
const RUNNING = 'RUNNING';
/** What stopped the run, when it was an error and not the user. */
const FAILED = 'FAILED';

const failureSchema = z.object({ at: z.string(), message: z.string() });

/** State of the run in `folder`. A RUNNING mark counts only while its process lives. Throws RUN_DAMAGED for a mark that cannot be read. */
export function runState(folder: string): RunState {
  if (existsSync(join(folder, DONE))) return 'finished';
  if (workerOf(folder) !== undefined) return 'running';
  return existsSync(join(folder, FAILED)) ? 'failed' : 'interrupted';
}

/** The live process that works on the run, if any. One on another host is taken to live. Throws RUN_DAMAGED. */
function workerOf(folder: string): Holder | undefined {
  const path = join(folder, RUNNING);
  if (!existsSync(path)) return undefined;
  const worker = readRunJson(path, holderSchema, 'Delete it if nothing works on this run.');
  return holds(worker) ? worker : undefined;
}

/** Marks the run as worked on by this process, unless a living one works on it already: that one is returned. Throws RUN_DAMAGED. */
export function markRunning(folder: string): Holder | undefined {
  const worker = workerOf(folder) ?? claim(join(folder, RUNNING));
  if (worker === undefined) rmSync(join(folder, FAILED), { force: true });
  return worker;
}

/** Takes the mark away; synchronous, so that it also works while the process is being stopped. */
export function unmarkRunning(folder: string): void {
  release(join(folder, RUNNING));
}

/** Takes the marks away from finished runs whose process was killed before it could; a mark beside DONE means nothing. */
export function unmarkFinished(runsFolder: string): void {
  for (const name of readdirSync(runsFolder))
    if (existsSync(join(runsFolder, name, DONE))) rmSync(join(runsFolder, name, RUNNING), { force: true });
}

/** Notes what stopped the run. */
export async function markFailed(folder: string, message: string, at: Date): Promise<void> {
  try {
    await writeRunJson(join(folder, FAILED), { at: at.toISOString(), message });
  } finally {
    unmarkRunning(folder);
  }
}

/** What stopped the run; null where no error did. Throws RUN_DAMAGED. */
export function failureOf(folder: string): string | null {
  const path = join(folder, FAILED);
  return existsSync(path) ? readRunJson(path, failureSchema).message : null;
}
