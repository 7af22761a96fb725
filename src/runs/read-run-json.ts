// JSON files of a run folder: a file that was cut off or edited is named, instead of a fault of ours being reported.
import { readFileSync } from 'node:fs';
import { UserError } from '../errors.js';

/** Throws RUN_DAMAGED for a file that cannot be read as JSON. The shape is the writer's, and not checked. */
export function readRunJson<T>(path: string): T {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch (error) {
    throw new UserError(
      {
        code: 'RUN_DAMAGED',
        where: path,
        what: `This file cannot be read: ${(error as Error).message}.`,
        next: 'Restore it, or remove the run.',
      },
      { cause: error },
    );
  }
}
