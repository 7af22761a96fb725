// Lists of runs go on past one that cannot be read, and say which it was and why.
import { UserError, UserErrors } from '../errors.js';
import type { RunPlace } from './find.js';
import { runDamaged } from './json.js';

export interface UnreadRun {
  readonly id: string;
  readonly experiment: string;
  /** The file. */
  readonly where: string | null;
  readonly why: string;
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

/** Throws RUN_DAMAGED for every run that a list had to leave out: after the rest is shown, so that no script takes it for the whole. */
export function requireAllRead(unread: readonly UnreadRun[]): void {
  if (unread.length === 0) return;
  throw new UserErrors(
    unread.map(({ id, experiment, where, why }) =>
      runDamaged(where ?? `${experiment}/${id}`, `${why} Run ${id} is left out.`),
    ),
  );
}
