// Lists of runs go on past one that cannot be read, and say which it was and why.
import { UserError, UserErrors } from '../errors.js';
import { runDamaged } from './json.js';
import type { RunPlace } from './places.js';

export interface UnreadRun {
  readonly id: string;
  readonly experiment: string;
  /** The file. */
  readonly where: string | null;
  readonly why: string;
  /** The run is listed without what this file would say; else it is left out. */
  readonly listed?: true;
}

/** `read` of every run, in order, and the runs of which it threw a fault of theirs. */
export function readEach<T>(
  places: readonly RunPlace[],
  read: (place: RunPlace) => T,
): { readonly read: readonly T[]; readonly unread: readonly UnreadRun[] } {
  const results: T[] = [];
  const unread: UnreadRun[] = [];
  for (const place of places) {
    try {
      results.push(read(place));
    } catch (error) {
      const fault = error instanceof UserErrors ? error.errors[0] : error;
      if (!(fault instanceof UserError)) throw error;
      const { id, experiment } = place;
      unread.push({ id, experiment, where: fault.where ?? null, why: fault.what });
    }
  }
  return { read: results, unread };
}

/** In place of an id: the fault is of the tags and notes of all runs of an experiment. */
export const MARKS_FAULT = '*';

function leftOut(id: string, listed: true | undefined): string {
  if (id === MARKS_FAULT) return 'Runs are listed without tags and notes.';
  return listed ? `Run ${id} is listed without it.` : `Run ${id} is left out.`;
}

/** Throws RUN_DAMAGED for every run that a list had to leave out: after the rest is shown, so that no script takes it for the whole. */
export function requireAllRead(unread: readonly UnreadRun[]): void {
  if (unread.length === 0) return;
  throw new UserErrors(
    unread.map(({ id, experiment, where, why, listed }) =>
      runDamaged(where ?? `${experiment}/${id}`, `${why} ${leftOut(id, listed)}`),
    ),
  );
}
