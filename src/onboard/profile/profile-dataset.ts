// `limaml prep --dry-run`: reads the raw log, measures it, and says what looks wrong, without writing anything.
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../database/database.js';
import { UserError } from '../../errors.js';
import type { DatasetDescriptor } from '../../prep/descriptor/descriptor.js';
import { resolveDescriptor } from '../../prep/descriptor/resolve.js';
import { openRejects } from '../../prep/load/rejects.js';
import { listFiles } from '../../prep/sources/find-sources.js';
import { generators } from '../../prep/sources/generate-raw.js';
import { splitWords } from '../../prep/split-ahead.js';
import { type Progress, silent } from '../../progress.js';
import type { DatasetProfile } from './dataset-profile.js';
import { loadForProfile } from './load-for-profile.js';
import { measure } from './measure.js';
import { suggest } from './suggestions.js';

interface ProfileRequest {
  readonly descriptor: DatasetDescriptor;
  /** Folder of the raw files; a generated data set needs none. */
  readonly dataDirectory: string;
  readonly memoryLimitMb?: number;
  readonly threads?: number;
  readonly progress?: Progress;
}

/**
 * Profiles a raw log. Bad rows do not stop it: they are counted and the first ones shown.
 * Throws `UserError` for files or columns that are missing, and for files that cannot be read at all.
 */
export async function profileDataset(request: ProfileRequest): Promise<DatasetProfile> {
  const { descriptor, progress = silent } = request;
  const workDirectory = await mkdtemp(join(tmpdir(), 'limaml-profile-'));
  try {
    const dataDirectory = await rawFiles(request, workDirectory, progress);
    const resolved = await resolveDescriptor(descriptor, dataDirectory);
    const files = await listFiles(resolved, dataDirectory);
    const database = await openDatabase({
      file: join(workDirectory, 'profile.duckdb'),
      spillDirectory: join(workDirectory, 'spill'),
      memoryLimitMb: request.memoryLimitMb ?? 1536,
      threads: request.threads ?? Math.min(availableParallelism(), 8),
    });
    try {
      progress({ kind: 'stage', name: 'read', detail: `${files.events.length} file(s) of events` });
      const rejects = await openRejects(database, 'reject');
      const loaded = await loadForProfile({ database, workDirectory, rejects }, resolved, files);
      progress({ kind: 'stage', name: 'measure' });
      const measured = await measure(database, resolved, files, loaded, progress);
      // Last: it turns the loaded rows into sorted ones.
      const splits = await splitWords(database, resolved);
      return { ...measured, suggestions: suggest(resolved, measured, splits) };
    } finally {
      database.close();
    }
  } finally {
    await rm(workDirectory, { recursive: true, force: true });
  }
}

/** The folder of the raw files; those of a generated data set are made in `workDirectory` first. */
async function rawFiles(request: ProfileRequest, workDirectory: string, progress: Progress): Promise<string> {
  const { generated, name } = request.descriptor;
  if (generated === undefined) return request.dataDirectory;
  const generator = generators[generated.by];
  if (generator === undefined)
    throw new UserError({
      code: 'DATASET_UNKNOWN_GENERATOR',
      where: `data set ${name} › generated.by`,
      what: `There is no generator "${generated.by}".`,
      next: `Known: ${Object.keys(generators).join(', ')}.`,
    });
  progress({ kind: 'stage', name: 'generate', detail: name });
  await generator.generate({
    directory: workDirectory,
    seed: generated.seed,
    options: generated.options,
    progress,
  });
  return workDirectory;
}
