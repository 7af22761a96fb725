// Opens a prepared folder: checks that it is whole and reads its shards one at a time.
import { InternalError } from '../errors.js';
import type { PreparedDataset } from './prepared/dataset.js';

/**
 * Opens the prepared data set in `path`.
 * Throws `UserError` where it is no prepared data set, of a version we cannot read, or where a file's hash no longer matches.
 */
export async function openPrepared(path: string): Promise<PreparedDataset> {
  throw new InternalError(`openPrepared is not there yet (${path})`);
}
