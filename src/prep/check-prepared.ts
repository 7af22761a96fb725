// `limaml prep` on a folder that is prepared already: nothing to prepare, all of it to check.
import { resolve } from 'node:path';
import { UserError } from '../errors.js';
import { checkFiles, readManifest } from '../prepared/read-manifest.js';
import { checkContent } from '../prepared/verify/check-content.js';
import type { Progress } from '../progress.js';
import { type PrepareResult, prepareResult } from './prepare-result.js';

export interface CheckedResult extends PrepareResult {
  readonly checked: true;
}

/**
 * Holds a prepared folder, of whatever program, to the format: manifest, hashes and every row. Throws `UserError` and `UserErrors`
 * for what breaks it, and PREPARED_NOT_RAW for overrides of a descriptor.
 */
export async function checkPrepared(
  path: string,
  overrides: readonly string[],
  progress: Progress,
): Promise<CheckedResult> {
  if (overrides.length > 0)
    throw new UserError({
      code: 'PREPARED_NOT_RAW',
      where: path,
      what: 'The folder is prepared already, so there is no descriptor to override.',
      next: 'Leave out --set, or name the descriptor of the raw log.',
    });
  const manifest = await readManifest(path);
  await checkFiles(path, manifest);
  await checkContent(path, manifest, progress);
  return { ...prepareResult(resolve(path), manifest, true), checked: true };
}
