// Raw logs in, a prepared data set out: what was prepared the same way before is found, all else is made whole or not at all.

import { rmSync } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { writeFolderAtomic } from '../atomic-files.js';
import { openDatabase } from '../database/database.js';
import { explained } from '../database/machine-limits.js';
import { UserError } from '../errors.js';
import { onInterruption } from '../interruption.js';
import { removeLeftovers } from '../leftovers.js';
import type { PreparedManifest } from '../prepared/manifest.js';
import { checkFiles, readManifest } from '../prepared/read-manifest.js';
import { type Progress, silent } from '../progress.js';
import { temporaryNames } from '../temporary-names.js';
import type { DatasetDescriptor } from './descriptor/descriptor.js';
import { type PrepareResult, prepareResult } from './prepare-result.js';
import { contentHash, findSources, type ListedFiles, listFiles } from './sources/find-sources.js';
import { generateRaw } from './sources/generate-raw.js';
import { runStages } from './stages.js';

/** Past this the database spills to disk: ten million events take a sixteenth more processor time than with three times as much. */
const MEMORY_LIMIT_MB = 512;
const MOST_THREADS = 8;
/**
 * Tables of a log whose raw bytes are at most this share of the memory limit are no database file: writing one takes longer than
 * reading the log. What does not fit into memory spills, which past several times the limit is the slower of the two.
 */
const SHARE_IN_MEMORY = 1;

export interface PrepareRequest {
  readonly descriptor: DatasetDescriptor;
  /** Folder of the raw files. */
  readonly dataDirectory: string;
  /** Folder in which `<name>-<hash8>` is made. */
  readonly outDirectory: string;
  /** What a row that cannot be read does: stop the run (after collecting up to 20), or go to `rejects.csv`. The descriptor's by default. */
  readonly onError?: 'stop' | 'reject';
  /** Upper bound of the database's working memory; past it, it spills to disk. */
  readonly memoryLimitMb?: number;
  readonly threads?: number;
  readonly progress?: Progress;
}

/** Prepares a data set. Throws `UserError` / `UserErrors` for bad input and `CheckFailed` for leaks. */
export async function prepare(request: PrepareRequest): Promise<PrepareResult> {
  const { descriptor, progress = silent } = request;
  const onError = request.onError ?? descriptor.onError ?? 'stop';
  const outDirectory = resolve(request.outDirectory);
  progress({ kind: 'stage', name: 'prep', detail: descriptor.name });
  const sources = await findSources(descriptor, resolve(request.dataDirectory));
  const hash = contentHash(sources, onError);
  const path = join(outDirectory, `${descriptor.name}-${hash.slice(0, 8)}`);
  // Also where nothing is to be done: a prep may have been killed when all but its scratch was in place.
  await removeLeftovers(outDirectory);
  const existing = await intact(path, hash, progress);
  if (existing !== undefined) {
    progress({ kind: 'note', text: `${path} is up to date` });
    return told(prepareResult(path, existing, true), progress);
  }

  await mkdir(outDirectory, { recursive: true });
  const workDirectory = temporaryNames(path)('work');
  const withdraw = onInterruption(() => {
    rmSync(workDirectory, { recursive: true, force: true, maxRetries: 3 });
    return undefined;
  });
  await mkdir(workDirectory);
  try {
    const directory = await generateRaw(sources, workDirectory, progress);
    const files = await listFiles(sources.descriptor, directory);
    const memoryLimitMb = request.memoryLimitMb ?? MEMORY_LIMIT_MB;
    const database = await openDatabase({
      ...((await fitsInMemory(files, memoryLimitMb)) ? {} : { file: join(workDirectory, 'prep.duckdb') }),
      spillDirectory: join(workDirectory, 'spill'),
      memoryLimitMb,
      threads: request.threads ?? Math.min(availableParallelism(), MOST_THREADS),
    });
    try {
      let manifest: PreparedManifest | undefined;
      await writeFolderAtomic(path, async (folder) => {
        manifest = await runStages({
          database,
          sources,
          files,
          hash,
          folder,
          workDirectory,
          onError,
          progress,
        });
      });
      return told(prepareResult(path, manifest!, false), progress);
    } finally {
      database.close();
    }
  } catch (error) {
    throw explained(error, outDirectory);
  } finally {
    await rm(workDirectory, { recursive: true, force: true });
    withdraw();
  }
}

async function fitsInMemory({ events, tables }: ListedFiles, memoryLimitMb: number): Promise<boolean> {
  let bytes = 0;
  for (const { path } of [...events, ...Object.values(tables).flat()])
    bytes += (await stat(path)).size * (/\.(?:gz|zst|parquet)$/.test(path) ? 8 : 1);
  return bytes <= memoryLimitMb * 2 ** 20 * SHARE_IN_MEMORY;
}

async function intact(path: string, hash: string, progress: Progress): Promise<PreparedManifest | undefined> {
  try {
    const manifest = await readManifest(path);
    if (manifest.hash !== hash) return undefined;
    await checkFiles(path, manifest);
    return manifest;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (error.code !== 'PREPARED_NOT_FOUND')
      progress({
        kind: 'warning',
        code: error.code,
        text: `${error.where}: ${error.what} It is made again.`,
      });
    return undefined;
  }
}

function told(result: PrepareResult, progress: Progress): PrepareResult {
  for (const { code, text, next } of result.problems)
    progress({ kind: 'warning', code, text: `${text} ${next}` });
  return result;
}
