// A folder that another program wrote, held to the prepared format row by row and sealed: types, order, counts, hashes, manifest.
import { rmSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { writeFolderAtomic, writeJsonAtomic } from '../../atomic-files.js';
import { type Database, openDatabase } from '../../database/database.js';
import { explained } from '../../database/machine-limits.js';
import { InternalError, type UserError, UserErrors } from '../../errors.js';
import { hashJson } from '../../hash.js';
import { onInterruption } from '../../interruption.js';
import type { Progress } from '../../progress.js';
import { temporaryNames } from '../../temporary-names.js';
import { MANIFEST_FILE, PREPARED_FORMAT, SIDE_FILE, vocabularyFile } from '../format.js';
import { type FeatureSpec, hasVocabulary, type PreparedManifest } from '../manifest.js';
import { manifestFaults } from '../manifest-faults.js';
import { oracleAuc } from '../oracle-auc.js';
import { checkContent } from '../verify/check-content.js';
import { type Draft, readDraft } from './draft.js';
import { findParts } from './find-parts.js';
import { EVENTS, loadEvents } from './load-events.js';
import { loadSide, loadVocabulary } from './load-tables.js';
import { wordFaults } from './word-faults.js';
import { hashes, summaries, writeEvents, writeSide, writeWords } from './write-sealed.js';

const MEMORY_MB = 1536;
const MOST_THREADS = 8;
const SHOWN = 20;

interface SealRequest {
  /** Folder with `draft.json`, events, entities, items and vocabularies; nothing in it is changed. */
  readonly folder: string;
  /** Folder in which `<dataset>-<hash8>` is made. */
  readonly outDirectory: string;
  readonly memoryLimitMb?: number;
  readonly progress: Progress;
}

/**
 * Seals the folder; the same content gives the same bytes, however it was divided into files. Throws `UserError` SEAL_DRAFT, SEAL_FILES,
 * DISK_FULL, MEMORY_LIMIT, and `UserErrors` with PREPARED_INVALID for every fault found, by file, column and row.
 */
export async function sealPrepared(
  request: SealRequest,
): Promise<{ readonly path: string; readonly manifest: PreparedManifest }> {
  const { folder, progress } = request;
  const outDirectory = resolve(request.outDirectory);
  const draft = await readDraft(folder);
  progress({ kind: 'stage', name: 'seal', detail: draft.dataset });
  await mkdir(outDirectory, { recursive: true });
  const work = temporaryNames(join(outDirectory, draft.dataset))('work');
  const withdraw = onInterruption(() => {
    rmSync(work, { recursive: true, force: true, maxRetries: 3 });
    return undefined;
  });
  await mkdir(join(work, 'sealed'), { recursive: true });
  try {
    const database = await openDatabase({
      file: join(work, 'seal.duckdb'),
      spillDirectory: join(work, 'spill'),
      memoryLimitMb: request.memoryLimitMb ?? MEMORY_MB,
      threads: Math.min(availableParallelism(), MOST_THREADS),
    });
    let manifest: PreparedManifest;
    try {
      manifest = await sealInto(database, folder, join(work, 'sealed'), draft, progress);
    } finally {
      database.close();
    }
    const path = join(outDirectory, `${draft.dataset}-${manifest.hash.slice(0, 8)}`);
    await writeFolderAtomic(path, async (fresh) => {
      for (const entry of await readdir(join(work, 'sealed')))
        await rename(join(work, 'sealed', entry), join(fresh, entry));
    });
    return { path, manifest };
  } catch (error) {
    throw explained(error, outDirectory);
  } finally {
    await rm(work, { recursive: true, force: true });
    withdraw();
  }
}

async function sealInto(
  database: Database,
  folder: string,
  into: string,
  draft: Draft,
  progress: Progress,
): Promise<PreparedManifest> {
  const faults: UserError[] = [];
  const features: FeatureSpec[] = [];
  for (const spec of draft.features) {
    if (!hasVocabulary(spec)) features.push(spec);
    else {
      const loaded = await loadVocabulary(database, folder, spec, progress);
      faults.push(...loaded.faults);
      features.push({ ...spec, size: loaded.count + 1 } as FeatureSpec);
    }
  }
  refuse(faults);
  const of = (side: FeatureSpec['side']): readonly FeatureSpec[] =>
    features.filter((spec) => spec.side === side);
  const entities = await loadSide(database, folder, 'entity', of('entity'), progress);
  const items = await loadSide(database, folder, 'item', of('item'), progress);
  refuse([...entities.faults, ...items.faults]);
  for (const [side, table] of [
    ['entity', 'entities'],
    ['item', 'items'],
  ] as const) {
    const files = (await findParts(folder, table)).map(({ path }) => path);
    faults.push(...(await wordFaults(database, table, files, of(side))));
  }
  refuse(faults);
  const said = { entities: entities.count, items: items.count, features, descriptor: draft.descriptor };
  const events = await loadEvents(database, folder, said, progress);
  refuse(events.faults);

  const { train, valid, test, support } = await summaries(database);
  const rows = train.rows + valid.rows + test.rows + support.rows;
  const shards = await writeEvents(database, into, of('event'), { truth: events.truth, rows, progress });
  await writeSide(database, into, 'entity', of('entity'));
  await writeSide(database, into, 'item', of('item'));
  const worded = features.filter(hasVocabulary).map(({ name }) => name);
  for (const feature of worded) await writeWords(database, into, feature);
  const { dataset, descriptor, sources, dropped, notes } = draft;
  const files = await hashes(into, [
    ...shards.map(({ file }) => file),
    ...Object.values(SIDE_FILE),
    ...worded.map(vocabularyFile),
  ]);
  const content: PreparedManifest = {
    format: PREPARED_FORMAT.name,
    version: PREPARED_FORMAT.version,
    dataset,
    hash: hashJson({ format: PREPARED_FORMAT, dataset, descriptor, features, files }),
    sources,
    descriptor,
    rows,
    entities: said.entities,
    items: said.items,
    splits: { train, valid, test },
    ...(support.rows > 0 ? { support } : {}),
    features,
    shards,
    files,
    dropped,
    notes,
    ...(events.truth ? { oracleAuc: await oracleAuc(database, EVENTS) } : {}),
  };
  // By way of JSON, as a reader has it: a key that is undefined is none.
  const manifest = { ...content, sha256: hashJson(JSON.parse(JSON.stringify(content))) };
  const [fault] = manifestFaults(manifest);
  if (fault !== undefined) throw new InternalError(`the sealed manifest contradicts itself: ${fault}`);
  await writeJsonAtomic(join(into, MANIFEST_FILE), manifest);
  // What is sealed is what every reader will hold it to.
  await checkContent(into, manifest, (event) => {
    if (event.kind === 'step') progress(event);
  });
  return manifest;
}

function refuse(faults: readonly UserError[]): void {
  if (faults.length > 0) throw new UserErrors(faults.slice(0, SHOWN));
}
