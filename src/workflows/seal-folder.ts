// `limaml prep seal`: a folder that another program prepared becomes one that can be trained on.
import { resolve } from 'node:path';
import { type PrepareResult, prepareResult } from '../prep/prepare-result.js';
import { sealPrepared } from '../prepared/seal/seal.js';
import type { Progress } from '../progress.js';

export interface SealedResult extends PrepareResult {
  readonly sealed: true;
}

/** Seals a folder into `out`, where it gets its name. Throws what `sealPrepared` throws. */
export async function sealFolder(request: {
  /** As typed. */
  readonly folder: string;
  readonly out: string | undefined;
  readonly memoryLimitMb: number | undefined;
  readonly cwd: string;
  readonly progress: Progress;
}): Promise<SealedResult> {
  const { folder, out = 'prepared', memoryLimitMb, cwd, progress } = request;
  const { path, manifest } = await sealPrepared({
    folder: resolve(cwd, folder),
    outDirectory: resolve(cwd, out),
    progress,
    ...(memoryLimitMb === undefined ? {} : { memoryLimitMb }),
  });
  return { ...prepareResult(path, manifest, false), sealed: true };
}
