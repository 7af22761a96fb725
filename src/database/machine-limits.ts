// What a database could not do for want of disk or memory, in words.
import { UserError } from '../errors.js';

/** Failures of the machine in words: a full disk, a memory limit set too low. */
export function explained(error: unknown, outDirectory: string): unknown {
  const message = error instanceof Error ? error.message : String(error);
  if (/no space left|ENOSPC|max_temp_directory_size/i.test(message))
    return new UserError(
      {
        code: 'DISK_FULL',
        where: outDirectory,
        what: 'The disk is full.',
        next: 'Free some space, or choose another folder with --out.',
      },
      { cause: error },
    );
  if (isLackOfMemory(error))
    return new UserError(
      {
        code: 'MEMORY_LIMIT',
        where: 'prep',
        what: 'The memory limit is too low for this data.',
        next: 'Raise --memory.',
      },
      { cause: error },
    );
  return error;
}

/** Whether a statement ended at the database's memory limit. */
export const isLackOfMemory = (error: unknown): boolean =>
  error instanceof Error && /out of memory|failed to allocate/i.test(error.message);
