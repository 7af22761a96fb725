// `limaml prep`: what a reference names, a raw log or a folder that is prepared already, prepared or checked.
import { resolve } from 'node:path';
import { findPrepared } from '../config/find-files.js';
import { loadDescriptor } from '../config/load-descriptor.js';
import { type CheckedResult, checkPrepared } from '../prep/check-prepared.js';
import { type PrepareRequest, prepare } from '../prep/prepare.js';
import type { PrepareResult } from '../prep/prepare-result.js';
import type { Progress } from '../progress.js';
import { dataDirectory } from './data-directory.js';

interface PrepDatasetOptions {
  /** Folder of the raw files as typed; undefined looks where `dataDirectory` says. */
  readonly data: string | undefined;
  /** Folder to prepare into; undefined is `prepared`. */
  readonly out: string | undefined;
  /** Texts of `--set`. */
  readonly set: readonly string[];
  readonly onError: 'stop' | 'reject' | undefined;
  readonly memoryLimitMb: number | undefined;
  readonly threads: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly progress: Progress;
}

/** A raw log as `prepare` and `profileDataset` take it, or a folder that is prepared already. */
type NamedLog =
  | { readonly kind: 'raw'; readonly log: Omit<PrepareRequest, 'outDirectory' | 'onError'> }
  | { readonly kind: 'prepared'; readonly path: string };

/** Prepares or checks. Throws what `namedLog`, `prepare` and `checkPrepared` throw. */
export async function prepDataset(
  dataset: string,
  options: PrepDatasetOptions,
): Promise<PrepareResult | CheckedResult> {
  const { set, onError, progress, cwd, out = 'prepared' } = options;
  const named = await namedLog(dataset, options);
  if (named.kind === 'prepared') return checkPrepared(named.path, set, progress);
  return prepare({
    ...named.log,
    outDirectory: resolve(cwd, out),
    ...(onError === undefined ? {} : { onError }),
  });
}

/** What the reference means. Throws what `loadDescriptor` and `dataDirectory` throw. */
export async function namedLog(
  dataset: string,
  options: Omit<PrepDatasetOptions, 'out' | 'onError'>,
): Promise<NamedLog> {
  const { data, set, memoryLimitMb, threads, env, cwd, progress } = options;
  const prepared = findPrepared(dataset, cwd);
  if (prepared !== undefined) return { kind: 'prepared', path: prepared.path };
  const { descriptor } = await loadDescriptor({ dataset, cwd, set });
  const log = {
    descriptor,
    dataDirectory: await dataDirectory(descriptor, data, env, cwd),
    progress,
    ...(memoryLimitMb === undefined ? {} : { memoryLimitMb }),
    ...(threads === undefined ? {} : { threads }),
  };
  return { kind: 'raw', log };
}
