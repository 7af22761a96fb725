// The log itself, file after file, into the table `loaded`; its rowid is the source order.

import { UserError } from '../../errors.js';
import type { ResolvedDescriptor } from '../descriptor/resolve.js';
import type { SourceFile } from '../sources/source-file.js';
import { planEvents } from './event-plan.js';
import type { LoadContext } from './insert-rows.js';
import { createTarget, loadFile } from './load-file.js';
import { FIRST_DROP } from './plan.js';

/** Loads the events; returns the rows read and those left out, by reason. Throws `UserErrors` for bad rows. */
export async function loadEvents(
  context: LoadContext,
  descriptor: ResolvedDescriptor,
  files: readonly SourceFile[],
  done: (file: number) => void,
): Promise<{ readonly rows: number; readonly dropped: Readonly<Record<string, number>> }> {
  const { database, rejects } = context;
  const first = planEvents(descriptor, files[0]?.split);
  await createTarget(database, 'loaded', first);
  for (const [index, file] of files.entries()) {
    await loadFile(context, file, planEvents(descriptor, file.split), 'loaded');
    if (rejects.stops && rejects.count() >= rejects.room()) break;
    done(index + 1);
  }
  await rejects.stopIfAny();
  const counts = await database.rows('SELECT fault, count(*) AS n FROM loaded GROUP BY fault ORDER BY fault');
  const dropped: Record<string, number> = {};
  let rows = 0;
  for (const { fault, n } of counts) {
    if (fault === 0) rows = Number(n);
    else {
      const reason = first.drops[Number(fault) - FIRST_DROP]?.reason ?? 'other';
      dropped[reason] = (dropped[reason] ?? 0) + Number(n);
    }
  }
  const rejected = rejects.count();
  if (rejected > 0) dropped['rejected rows'] = rejected;
  if (rows === 0)
    throw new UserError({
      code: 'DATA_NO_ROWS',
      where: files.map((file) => file.name).join(', '),
      what:
        rejected > 0
          ? `No rows are left to prepare: ${rejected} were rejected.`
          : 'No rows are left to prepare.',
      next:
        rejected > 0
          ? 'Run with --on-error stop to see the first of them with their reasons.'
          : 'Check the files, and the filters in the descriptor.',
    });
  return { rows, dropped };
}
