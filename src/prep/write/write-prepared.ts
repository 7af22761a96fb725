// Everything a prepared folder holds, and the manifest that says so.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeJsonAtomic } from '../../atomic-files.js';
import type { Database } from '../../database/database.js';
import { hashFile, hashJson } from '../../hash.js';
import {
  type FeatureSide,
  MANIFEST_FILE,
  PREPARED_FORMAT,
  SIDE_FILE,
  SPLIT,
  vocabularyFile,
} from '../../prepared/format.js';
import { hasVocabulary, type PreparedManifest, type ShardSummary } from '../../prepared/manifest.js';
import { oracleAuc } from '../../prepared/oracle-auc.js';
import type { Progress } from '../../progress.js';
import { encodeFeatures } from '../encode/encode-features.js';
import type { EncodedFeature, EncodingSource } from '../encode/encoded-feature.js';
import type { Rejects } from '../load/rejects.js';
import type { Sources } from '../sources/find-sources.js';
import type { ShardRange } from '../split-kinds/shard-range.js';
import { splitSummaries } from './summaries.js';
import { writeShards } from './write-shards.js';
import { writeSide, writeVocabulary } from './write-side.js';

/** Rows beyond which quantiles are taken of every n-th training row. */
const QUANTILE_ROWS = 4_000_000;

/** What writing needs: of whom, from where, into which folder. */
export interface WriteContext {
  readonly database: Database;
  readonly sources: Sources;
  readonly hash: string;
  /** Folder to fill. */
  readonly folder: string;
  readonly progress: Progress;
}

interface FinishedLog {
  /** Relation to write shards from: sorted, with `split` and f_<feature>. */
  readonly events: string;
  /** Whether reading that relation alone gives rows in order. */
  readonly sorted: boolean;
  readonly shards: readonly ShardRange[];
  readonly rejects: Rejects;
  readonly copies: boolean;
  readonly dropped: Readonly<Record<string, number>>;
  readonly notes: Readonly<Record<string, number>>;
}

type EncodedSides = Readonly<Record<FeatureSide, readonly EncodedFeature[]>>;

/** Writes shards, side tables, vocabularies and rejects, then the manifest. */
export async function writePrepared(context: WriteContext, log: FinishedLog): Promise<PreparedManifest> {
  const { database, sources, folder } = context;
  const { descriptor } = sources;
  const truth = descriptor.columns.truth !== undefined;
  const { train, valid, test, support } = await splitSummaries(database, log.events);
  const rows = train.rows + valid.rows + test.rows + support.rows;
  const encoded = await encodeSides(context, log.events, rows);
  const features = [...encoded.entity, ...encoded.item, ...encoded.event];
  const shards = await writeFiles(context, log, encoded, rows);
  const rejected = log.rejects.count() > 0;
  if (rejected) await log.rejects.write(join(folder, 'rejects.csv'));

  const content: PreparedManifest = {
    format: PREPARED_FORMAT.name,
    version: PREPARED_FORMAT.version,
    dataset: descriptor.name,
    hash: context.hash,
    sources: sources.inspected,
    descriptor,
    rows,
    entities: await size(database, 'entity_index'),
    items: await size(database, 'item_index'),
    splits: { train, valid, test },
    ...(support.rows > 0 ? { support } : {}),
    features: features.map(({ spec }) => spec),
    shards,
    files: await hashFiles(folder, [
      ...shards.map((shard) => shard.file),
      ...Object.values(SIDE_FILE),
      ...features.flatMap(({ spec }) => (hasVocabulary(spec) ? [vocabularyFile(spec.name)] : [])),
      ...(rejected ? ['rejects.csv'] : []),
    ]),
    dropped: nonZero(log.dropped),
    notes: nonZero(log.notes),
    ...(truth ? { oracleAuc: await oracleAuc(database, log.events) } : {}),
  };
  // By way of JSON, as a reader has it: a key that is undefined is none.
  const manifest = { ...content, sha256: hashJson(JSON.parse(JSON.stringify(content))) };
  await writeJsonAtomic(join(folder, MANIFEST_FILE), manifest);
  for (const [what, n] of Object.entries({ ...manifest.dropped, ...manifest.notes }))
    context.progress({ kind: 'note', text: `${what}: ${n}` });
  return manifest;
}

async function encodeSides(context: WriteContext, events: string, rows: number): Promise<EncodedSides> {
  const { database, sources } = context;
  const encode = (side: FeatureSide, source: EncodingSource): Promise<readonly EncodedFeature[]> =>
    encodeFeatures(
      database,
      sources.descriptor.features.filter((feature) => feature.side === side),
      source,
    );
  const stride = Math.ceil(rows / QUANTILE_ROWS);
  const ofSide = (side: 'entity' | 'item'): EncodingSource => ({
    relation: `${side}_rows`,
    train: 'train > 0',
    sample: 'true',
  });
  return {
    entity: await encode('entity', ofSide('entity')),
    item: await encode('item', ofSide('item')),
    event: await encode('event', {
      relation: events,
      train: `split = ${SPLIT.train}`,
      sample: stride > 1 ? `ord % ${stride} = 0` : 'true',
    }),
  };
}

async function writeFiles(
  context: WriteContext,
  log: FinishedLog,
  encoded: EncodedSides,
  rows: number,
): Promise<readonly ShardSummary[]> {
  const { database, folder, progress, sources } = context;
  await mkdir(join(folder, 'events'));
  await mkdir(join(folder, 'vocabularies'));
  const truth = sources.descriptor.columns.truth !== undefined;
  let done = 0;
  const shards = await writeShards(
    database,
    folder,
    log.events,
    encoded.event,
    { truth, copies: log.copies, sorted: log.sorted },
    log.shards,
    (part) => {
      done += part;
      progress({ kind: 'step', done, total: rows, unit: 'rows' });
    },
  );
  await writeSide(database, folder, 'entity', encoded.entity);
  await writeSide(database, folder, 'item', encoded.item);
  for (const features of Object.values(encoded))
    for (const feature of features) await writeVocabulary(database, folder, feature);
  return shards;
}

async function size(database: Database, table: string): Promise<number> {
  const { n = 0 } = await database.numbers(`SELECT count(*) AS n FROM ${table}`);
  return n;
}

async function hashFiles(
  folder: string,
  files: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const hashes: Record<string, string> = {};
  for (const file of files) hashes[file] = await hashFile(join(folder, file));
  return hashes;
}

const nonZero = (counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(counts).filter(([, n]) => n !== 0));
