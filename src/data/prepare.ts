// Raw logs in, a prepared data set out: the one entry of `limaml prep`.

import { InternalError } from '../errors.js';
import type { Report } from '../progress.js';
import type { DatasetDescriptor } from './descriptor.js';
import type { SplitName } from './prepared/dataset.js';
import type { SplitSummary } from './prepared/manifest.js';

export interface PrepareRequest {
  readonly descriptor: DatasetDescriptor;
  /** Folder of the raw files. */
  readonly dataDirectory: string;
  /** Folder in which `<name>-<hash8>` is made. */
  readonly outDirectory: string;
  /** What a row that cannot be read does: stop the run (after collecting up to 20), or go to `rejects.csv`. */
  readonly onError?: 'stop' | 'reject';
  /** Upper bound of the database's working memory; past it, it spills to disk. */
  readonly memoryLimitMb?: number;
  readonly threads?: number;
  readonly report?: Report;
}

export interface PrepareResult {
  readonly dataset: string;
  readonly path: string;
  readonly hash: string;
  readonly rows: number;
  readonly entities: number;
  readonly items: number;
  readonly splits: Readonly<Record<SplitName, SplitSummary>>;
  /** Dropped or repaired rows by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** True when the folder was there already, whole and with the same hash. */
  readonly reused: boolean;
}

/** Prepares a data set. Throws `UserError` / `UserErrors` for bad input and `CheckFailed` for leaks. */
export async function prepare(request: PrepareRequest): Promise<PrepareResult> {
  throw new InternalError(`prepare is not there yet (${request.descriptor.name})`);
}
