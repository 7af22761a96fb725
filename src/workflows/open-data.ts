// From a descriptor, or from a finished run, to an opened prepared data set.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { NamedData } from '../config/load-experiment.js';
import { UserError } from '../errors.js';
import { hashFile } from '../hash.js';
import { prepare } from '../prep/prepare.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import { MANIFEST_FILE } from '../prepared/format.js';
import { openPrepared } from '../prepared/open.js';
import { checkContent } from '../prepared/verify/check-content.js';
import type { Progress } from '../progress.js';
import type { RunConfig } from '../runs/config.js';
import { preparedPath } from '../runs/stored-config.js';
import { dataDirectory } from './data-directory.js';

export interface DataPlaces {
  /** `--data` as typed. */
  readonly data: string | undefined;
  /** `--prepared` as typed: folder of prepared data sets. */
  readonly prepared: string | undefined;
  /** What a row that cannot be read does; the descriptor's `onError` where undefined. */
  readonly onError: 'stop' | 'reject' | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/**
 * Opens the data that a recipe names. A raw log is prepared, unless the same was prepared before; a prepared folder, which may be
 * another program's, is held to the format first. Throws what `prepare`, `openPrepared` and `checkContent` throw.
 */
export async function preparedFor(
  named: NamedData,
  { data, prepared, onError, env, cwd }: DataPlaces,
  progress: Progress,
): Promise<PreparedDataset> {
  if (named.kind === 'prepared') {
    const unread = [
      data === undefined ? [] : ['--data'],
      prepared === undefined ? [] : ['--prepared'],
    ].flat();
    if (unread.length > 0)
      progress({ kind: 'note', text: `${named.path} is prepared: ${unread.join(' and ')} is not needed` });
    const dataset = await openPrepared(named.path);
    await checkContent(named.path, dataset.manifest, progress);
    return dataset;
  }
  const { descriptor } = named;
  const outDirectory = resolve(cwd, prepared ?? 'prepared');
  if (existsSync(join(outDirectory, MANIFEST_FILE)))
    throw new UserError({
      code: 'PREPARED_IS_ONE',
      where: `--prepared ${outDirectory}`,
      what: 'This is a prepared data set itself, no folder of such.',
      next: `To train on it, name it in the recipe, or with --set dataset=${prepared ?? 'prepared'}.`,
    });
  const result = await prepare({
    descriptor,
    dataDirectory: await dataDirectory(descriptor, data, env, cwd),
    ...(onError === undefined ? {} : { onError }),
    outDirectory,
    progress,
  });
  return openPrepared(result.path);
}

/**
 * The data that a run was trained on. Throws RUN_DATA_MISSING and RUN_DATA_CHANGED, and what `openPrepared` throws for a
 * folder that is damaged.
 */
export async function datasetOfRun(runPath: string, config: RunConfig): Promise<PreparedDataset> {
  const path = preparedPath(runPath, config);
  if (!existsSync(path)) {
    throw new UserError({
      code: 'RUN_DATA_MISSING',
      where: path,
      what: 'The prepared data that this run was trained on is gone.',
      next: `Put it back, or prepare it again: limaml prep ${config.recipe.dataset}`,
    });
  }
  const { manifest } = config.dataset;
  const isChanged = manifest !== undefined && manifest !== (await manifestHash(path));
  const dataset = await openPrepared(path).catch((error: unknown) => {
    // Of a manifest that does not hold to its own hash it is told what it means for the run.
    const where = error instanceof UserError ? error.where : undefined;
    throw isChanged && where === join(path, MANIFEST_FILE) ? changedManifest(path, config) : error;
  });
  if (dataset.hash !== config.dataset.hash) {
    throw new UserError({
      code: 'RUN_DATA_CHANGED',
      where: path,
      what: `This prepared data is not what the run was trained on: its hash is ${dataset.hash.slice(0, 12)}, the run's ${config.dataset.hash.slice(0, 12)}.`,
      next: 'Train again on the data as it is now.',
    });
  }
  if (isChanged) throw changedManifest(path, config);
  return dataset;
}

const changedManifest = (path: string, { recipe }: RunConfig): UserError =>
  new UserError({
    code: 'RUN_DATA_CHANGED',
    where: join(path, MANIFEST_FILE),
    what: 'The manifest of the prepared data is not the one that the run was trained with: it was changed.',
    next: `Prepare the data anew (remove the folder, then limaml prep ${recipe.dataset}).`,
  });

/** SHA-256 of the manifest in a prepared folder; undefined for data that lies in no folder. */
export async function manifestHash(path: string): Promise<string | undefined> {
  const file = join(path, MANIFEST_FILE);
  return existsSync(file) ? hashFile(file) : undefined;
}
