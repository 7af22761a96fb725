// Runs that can stand for a new one: finished with the same key, or unfinished and to be resumed.
import { UserError } from '../errors.js';
import type { Progress } from '../progress.js';
import { type RunPlace, runsIn } from './places.js';
import { type RunState, runState } from './state.js';
import { readStoredConfig } from './stored-config.js';
import { readEach } from './unread.js';

interface KeyedRun {
  readonly place: RunPlace;
  readonly key: string;
  readonly state: RunState;
}

/** The newest finished run of this key, if there is one. Runs that cannot be read are left out with a warning. */
export function findFinished(runsFolder: string, key: string, progress: Progress): RunPlace | undefined {
  return keyedRuns(runsFolder, progress).findLast((run) => run.state === 'finished' && run.key === key)
    ?.place;
}

/** Whether there is a training of this key that was interrupted, and can be taken up. */
export function isInterrupted(runsFolder: string, key: string, progress: Progress): boolean {
  return keyedRuns(runsFolder, progress).some((run) => run.state === 'interrupted' && run.key === key);
}

/**
 * The newest run of this key that is not finished. Throws RUN_NOTHING_TO_RESUME, which says whether the run was finished or
 * whether the unfinished ones have another configuration. Runs that cannot be read are left out with a warning.
 */
export function findUnfinished(runsFolder: string, key: string, progress: Progress): RunPlace {
  const runs = keyedRuns(runsFolder, progress);
  const unfinished = runs.filter(({ state }) => state !== 'finished');
  const found = unfinished.findLast((run) => run.key === key);
  if (found !== undefined) return found.place;
  const finished = runs.findLast((run) => run.state === 'finished' && run.key === key);
  const others = unfinished.map(({ place }) => place.id).slice(-5);
  throw new UserError({
    code: 'RUN_NOTHING_TO_RESUME',
    where: runsFolder,
    what:
      finished !== undefined
        ? `Run ${finished.place.id} of this configuration is finished.`
        : others.length === 0
          ? 'There is no unfinished run.'
          : `The unfinished runs (${others.join(', ')}) have another configuration, data set, seed or program version, so going on would mix two runs.`,
    next: 'Leave out --resume to train anew.',
  });
}

function keyedRuns(runsFolder: string, progress: Progress): readonly KeyedRun[] {
  const { read, unread } = readEach(runsIn(runsFolder), (place) => ({
    place,
    key: readStoredConfig(place.path).key,
    state: runState(place.path),
  }));
  for (const { id, where, why } of unread)
    progress({ kind: 'warning', code: 'RUN_DAMAGED', text: `run ${id} is left out: ${where ?? ''}: ${why}` });
  return read;
}
