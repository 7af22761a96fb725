// The folder of one run: born whole under a temporary name, filled while training, sealed with DONE.
import { existsSync, rmSync } from 'node:fs';
import { mkdir, readdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '../errors.js';
import { hashFile } from '../hash.js';
import { onInterruption } from '../interruption.js';
import { removeLeftovers } from '../leftovers.js';
import { readTemporaryName, temporaryNames } from '../temporary-names.js';
import type { RunConfig } from './config.js';
import { CHECKPOINT, changed, type DoneRecord, RUN_FORMAT, type RunOutcome, readDone } from './done.js';
import { writeRunJson } from './json.js';
import { keepModelFiles, MODEL_FILES } from './model-files.js';
import type { Provenance } from './provenance.js';
import { DONE, markFailed, markRunning, runState, unmarkFinished, unmarkRunning } from './state.js';
import { SUPPORTS } from './supports.js';

/** `20260802-141502-3fa9c1`: start in UTC, then the first digits of the configuration's hash. */
function runId(startedAt: Date, configHash: string): string {
  const [day, time] = startedAt.toISOString().slice(0, 19).replaceAll('-', '').replaceAll(':', '').split('T');
  return `${day}-${time}-${configHash.slice(0, 6)}`;
}

/**
 * Makes the folder of a new run in `runsFolder`, marked as running. It appears with its configuration and provenance or not at
 * all; a second run of the same second and configuration gets a number behind its id.
 */
export async function createRun(
  runsFolder: string,
  { startedAt, config, provenance }: { startedAt: Date; config: RunConfig; provenance: Provenance },
): Promise<{ readonly id: string; readonly path: string }> {
  const id = runId(startedAt, config.key);
  await mkdir(runsFolder, { recursive: true });
  await removeLeftovers(runsFolder);
  unmarkFinished(runsFolder);
  const temporary = temporaryNames(join(runsFolder, `.${id}`))('tmp');
  await mkdir(temporary);
  const withdraw = onInterruption(() => {
    rmSync(temporary, { recursive: true, force: true });
    return undefined;
  });
  try {
    await writeRunJson(join(temporary, 'config.json'), config);
    await writeRunJson(join(temporary, 'provenance.json'), provenance);
    await keepModelFiles(temporary, config.recipe);
    markRunning(temporary);
    for (let attempt = 1; ; attempt++) {
      const unique = attempt === 1 ? id : `${id}-${attempt}`;
      const path = join(runsFolder, unique);
      // A run's folder is never empty, so renaming onto one fails instead of replacing it.
      const taken = existsSync(path) || (await renamed(temporary, path)) === 'taken';
      if (!taken) return { id: unique, path };
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
    withdraw();
  }
}

async function renamed(from: string, to: string): Promise<'done' | 'taken'> {
  try {
    await rename(from, to);
    return 'done';
  } catch (error) {
    if (
      ['ENOTEMPTY', 'EEXIST', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '') &&
      existsSync(to)
    )
      return 'taken';
    throw error;
  }
}

/** Takes up an unfinished run again. Throws RUN_FINISHED and RUN_BUSY. */
export async function reopenRun(path: string): Promise<void> {
  const state = runState(path);
  if (state === 'finished') {
    throw new UserError({
      code: 'RUN_FINISHED',
      where: basename(path),
      what: 'This run is finished: there is nothing to resume.',
      next: 'Leave out --resume to train anew.',
    });
  }
  await removeLeftovers(path);
  const worker = markRunning(path);
  if (worker !== undefined) {
    throw new UserError({
      code: 'RUN_BUSY',
      where: basename(path),
      what: `Process ${worker.pid} on ${worker.host} is working on this run.`,
      next: `If that is not so, delete the file RUNNING in ${path}.`,
    });
  }
}

/** Seals a run: hashes of its files, then DONE, then the running mark goes. */
export async function finishRun(path: string, outcome: RunOutcome, finishedAt: Date): Promise<DoneRecord> {
  const files: Record<string, string> = {};
  for (const file of await filesOf(path)) files[file] = await hashFile(join(path, file));
  const done: DoneRecord = {
    format: RUN_FORMAT.name,
    version: RUN_FORMAT.version,
    ...outcome,
    finishedAt: finishedAt.toISOString(),
    files,
  };
  await writeRunJson(join(path, DONE), done);
  unmarkRunning(path);
  return done;
}

/** Notes what stopped the run. */
export async function failRun(path: string, error: unknown, at: Date): Promise<void> {
  await markFailed(path, error instanceof Error ? error.message : String(error), at);
}

/** Reads DONE and compares every file with its hash there. Throws RUN_UNFINISHED and RUN_DAMAGED. */
export async function verifyRun(path: string): Promise<DoneRecord> {
  const state = runState(path);
  if (state !== 'finished') {
    throw new UserError({
      code: 'RUN_UNFINISHED',
      where: basename(path),
      what: `This run is ${state}.`,
      next: state === 'running' ? 'Wait until it is done.' : 'Continue it with limaml train … --resume.',
    });
  }
  const done = readDone(path);
  await checkFiles(path, Object.entries(done.files));
  return done;
}

async function checkFiles(
  path: string,
  files: readonly (readonly [file: string, sha256: string])[],
): Promise<void> {
  for (const [file, expected] of files) {
    const whole = join(path, file);
    const actual = existsSync(whole) ? await hashFile(whole) : undefined;
    if (actual !== expected) throw changed(whole, actual, expected);
  }
}

/** What a training writes beside its checkpoint. All else in the folder, a report perhaps, is no part of it. */
const OWN_FILES = ['config.json', 'provenance.json', 'metrics.jsonl', 'timings.jsonl', SUPPORTS];

/** Files that belong to the training, by relative path with `/`, sorted; none that is still being written. */
async function filesOf(path: string): Promise<readonly string[]> {
  const inside = [CHECKPOINT, MODEL_FILES]
    .filter((folder) => existsSync(join(path, folder)))
    .map(async (folder) =>
      (await readdir(join(path, folder), { withFileTypes: true }))
        .filter((entry) => entry.isFile() && readTemporaryName(entry.name) === undefined)
        .map(({ name }) => `${folder}/${name}`),
    );
  const own = OWN_FILES.filter((file) => existsSync(join(path, file)));
  return [own, ...(await Promise.all(inside))].flat().sort();
}
