// Opens a prepared folder: checks that it is whole and reads its shards one at a time.

import { join } from 'node:path';
import { type Database, openDatabase } from '../database/database.js';
import { parquetFile } from '../database/files.js';
import { UserError } from '../errors.js';
import type { EventShard, FeatureTable, PreparedDataset, SplitCounts } from './dataset.js';
import { type FeatureSide, SIDE_FILE, vocabularyFile } from './format.js';
import type { FeatureSpec, PreparedManifest, ShardSummary } from './manifest.js';
import { type ColumnReader, featureReaders, numbersInto, readColumns } from './read-columns.js';
import { checkFiles, readManifest } from './read-manifest.js';
import { readRaw } from './read-raw.js';
import { type RawPlace, readRawFeatures } from './read-raw-features.js';
import { cachedShards } from './shard-cache.js';

/** Reading needs little: one row group of one shard at a time. */
const READER_MEMORY_MB = 512;

/**
 * Opens the prepared data set in `path`.
 * Throws `UserError` where it is no prepared data set, of a version we cannot read, or where a file's hash no longer matches.
 */
export async function openPrepared(path: string): Promise<PreparedDataset> {
  const manifest = await readManifest(path);
  await checkFiles(path, manifest);
  const database = await openDatabase({ memoryLimitMb: READER_MEMORY_MB, threads: 1 });
  // One connection streams one result at a time.
  const inTurn = oneAtATime();
  const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
    let made: Promise<T> | undefined;
    return () => {
      made ??= make();
      return made;
    };
  };
  const features = (side: FeatureSide): readonly FeatureSpec[] =>
    manifest.features.filter((spec) => spec.side === side);
  const sideFeatures = (side: 'entity' | 'item') =>
    once(() => inTurn(() => readSideFeatures(database, path, manifest, side)));
  // Not kept: whoever asks makes something smaller of them.
  const sideCounts = (side: 'entity' | 'item') => () =>
    inTurn(() => readSideCounts(database, path, manifest, side));
  const rawPlace = (file: string, side: boolean): RawPlace => ({
    path: join(path, file),
    version: manifest.version,
    side,
    vocabulary: (feature) => readVocabulary(database, path, manifest, feature),
  });
  const sidePlace = (side: 'entity' | 'item'): RawPlace => rawPlace(SIDE_FILE[side], true);
  return {
    path,
    hash: manifest.hash,
    manifest,
    shardCount: manifest.shards.length,
    shard: cachedShards((index) =>
      inTurn(() => readShard(database, path, manifest, index, features('event'))),
    ),
    entityFeatures: sideFeatures('entity'),
    itemFeatures: sideFeatures('item'),
    entityCounts: sideCounts('entity'),
    itemCounts: sideCounts('item'),
    raw: (of, names) =>
      inTurn(() => {
        const side = typeof of === 'string' ? of : 'event';
        return readRawFeatures(
          database,
          typeof of === 'string' ? sidePlace(of) : rawPlace(shardOf(manifest, of.shard).file, false),
          features(side).filter((spec) => names.includes(spec.name)),
        );
      }),
    rawEntities: (from, to, names) =>
      inTurn(() =>
        readRawFeatures(
          database,
          { ...sidePlace('entity'), range: [from, to], ids: 'entity' },
          features('entity').filter((spec) => names.includes(spec.name)),
        ),
      ),
    vocabulary: (column) => inTurn(() => readVocabulary(database, path, manifest, column)),
  };
}

function shardOf({ shards }: PreparedManifest, index: number): ShardSummary {
  const summary = shards[index];
  if (summary === undefined) throw new RangeError(`no shard ${index}; there are ${shards.length}`);
  return summary;
}

const rowsOf = (manifest: PreparedManifest, side: 'entity' | 'item'): number =>
  (side === 'entity' ? manifest.entities : manifest.items) + 1;

async function readShard(
  database: Database,
  path: string,
  manifest: PreparedManifest,
  index: number,
  specs: readonly FeatureSpec[],
): Promise<EventShard> {
  const { rows, file } = shardOf(manifest, index);
  const entity = new Int32Array(rows);
  const item = new Int32Array(rows);
  const timestampMs = new Float64Array(rows);
  const label = new Float32Array(rows);
  const split = new Uint8Array(rows);
  const truth = manifest.oracleAuc === undefined ? undefined : new Float64Array(rows);
  const features = featureReaders(specs, rows, manifest.version);
  await readColumns(database, join(path, file), rows, [
    numbersInto('entity', entity),
    numbersInto('item', item),
    numbersInto('timestamp_ms', timestampMs, 'DOUBLE'),
    numbersInto('label', label),
    numbersInto('split', split),
    ...(truth === undefined ? [] : [numbersInto('truth', truth)]),
    ...features.readers,
  ]);
  const starts: number[] = [];
  for (let row = 0; row < rows; row++) if (row === 0 || entity[row] !== entity[row - 1]) starts.push(row);
  return {
    rows,
    entities: Int32Array.from(starts, (row) => entity[row]!),
    offsets: Int32Array.from([...starts, rows]),
    entity,
    item,
    timestampMs,
    label,
    split,
    features: features.finish(),
    truth,
  };
}

async function readSideFeatures(
  database: Database,
  path: string,
  manifest: PreparedManifest,
  side: 'entity' | 'item',
): Promise<FeatureTable> {
  const specs = manifest.features.filter((spec) => spec.side === side);
  const features = featureReaders(specs, rowsOf(manifest, side), manifest.version);
  await readInOrder(database, path, manifest, side, features.readers);
  return features.finish();
}

async function readSideCounts(
  database: Database,
  path: string,
  manifest: PreparedManifest,
  side: 'entity' | 'item',
): Promise<SplitCounts> {
  const rows = rowsOf(manifest, side);
  const counts = { train: new Int32Array(rows), valid: new Int32Array(rows), test: new Int32Array(rows) };
  const readers = Object.entries(counts).map(([name, into]) => numbersInto(name, into));
  await readInOrder(database, path, manifest, side, readers);
  return counts;
}

/** Reads columns of a file of entities or items, whose rows must be in the order of their indexes. */
async function readInOrder(
  database: Database,
  path: string,
  manifest: PreparedManifest,
  side: 'entity' | 'item',
  readers: readonly ColumnReader[],
): Promise<void> {
  const rows = rowsOf(manifest, side);
  const index = new Int32Array(rows);
  const file = join(path, SIDE_FILE[side]);
  await readColumns(database, file, rows, [numbersInto('index', index), ...readers]);
  const misplaced = index.findIndex((of, row) => of !== row);
  if (misplaced >= 0) throw notInOrder(file, misplaced, index[misplaced]!);
}

const notInOrder = (where: string, row: number, index: number): UserError =>
  new UserError({
    code: 'PREPARED_DAMAGED',
    where,
    what: `Row ${row} has index ${index}: the rows are not in the order of their indexes.`,
    next: 'Run "limaml prep" again, or hold the file to docs/prepared-format.md.',
  });

async function readVocabulary(
  database: Database,
  path: string,
  manifest: PreparedManifest,
  column: string,
): Promise<readonly string[]> {
  const file =
    column === 'entity' || column === 'item'
      ? SIDE_FILE[column]
      : column in vocabularies(manifest)
        ? vocabularyFile(column)
        : undefined;
  if (file === undefined)
    throw new UserError({
      code: 'PREPARED_NO_VOCABULARY',
      where: `${path} › ${column}`,
      what: `There is no vocabulary of "${column}".`,
      next: `There is one of entity, item, ${Object.keys(vocabularies(manifest)).join(', ')}.`,
    });
  const words: string[] = [];
  const select = `SELECT value FROM ${parquetFile(join(path, file))}`;
  for await (const { columns } of readRaw(database, select, { value: 'text' }))
    for (const word of columns.get('value')!.values as readonly string[]) words.push(word);
  return words;
}

function vocabularies(manifest: PreparedManifest): Record<string, string> {
  return Object.fromEntries(
    Object.keys(manifest.files).flatMap((file) => {
      const name = /^vocabularies\/(.+)\.parquet$/.exec(file)?.[1];
      return name === undefined ? [] : [[name, file]];
    }),
  );
}

/** Runs what it is given in turn, for a connection that streams one result at a time; a failure reaches its own caller only. */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    // Whatever became of the work before, this one follows; its own caller hears of it.
    const next = last.then(work, work);
    last = next;
    return next;
  };
}
