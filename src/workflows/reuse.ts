// Runs that can stand for a new one: finished with the same key, or unfinished and to be resumed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.js';
import type { RunConfig } from '../runs/run-config.js';
import { type RunPlace, runsIn } from '../runs/run-index.js';
import { runState } from '../runs/run-state.js';

/** The newest finished run of this key, if there is one. */
export function findFinished(runsFolder: string, key: string): RunPlace | undefined {
  return runsIn(runsFolder).findLast((run) => runState(run.path) === 'finished' && keyOf(run) === key);
}

/**
 * The newest run of this key that is not finished. Throws RUN_NOTHING_TO_RESUME, which says whether the run was finished or
 * whether the unfinished ones have another configuration.
 */
export function findUnfinished(runsFolder: string, key: string): RunPlace {
  const unfinished = runsIn(runsFolder).filter((run) => runState(run.path) !== 'finished');
  const found = unfinished.findLast((run) => keyOf(run) === key);
  if (found !== undefined) return found;
  const finished = findFinished(runsFolder, key);
  const others = unfinished.map(({ id }) => id).slice(-5);
  throw new UserError({
    code: 'RUN_NOTHING_TO_RESUME',
    where: runsFolder,
    what:
      finished !== undefined
        ? `Run ${finished.id} of this configuration is finished.`
        : others.length === 0
          ? 'There is no unfinished run.'
          : `The unfinished runs (${others.join(', ')}) have another configuration, data set, seed or program version, so going on would mix two runs.`,
    next: 'Leave out --resume to train anew.',
  });
}

function keyOf({ path }: RunPlace): string {
  return (JSON.parse(readFileSync(join(path, 'config.json'), 'utf8')) as Partial<RunConfig>).key ?? '';
}
