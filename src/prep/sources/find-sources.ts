// The raw files of a data set: found, hashed, and ready to be read.

import { join } from 'node:path';
import { UserError } from '../../errors.js';
import { hashJson } from '../../hash.js';
import { PREPARED_FORMAT, type SplitName } from '../../prepared/format.js';
import type { Generator } from '../../synthetic/generator.js';
import type { DatasetDescriptor } from '../descriptor/descriptor.js';
import { findFiles } from '../descriptor/find-files.js';
import { type ResolvedDescriptor, resolveDescriptor } from '../descriptor/resolve.js';
import { generators } from './generate-raw.js';
import { type InspectedFile, inspectFile } from './inspect-file.js';
import type { SourceFile } from './source-file.js';

/**
 * Raised whenever the same raw files and descriptor would give other content, for those descriptors only:
 * 2: history and an item's first event are those of observed events, without sampled negatives, and all rows of side tables left
 * out are counted.
 * 3: parts of an ID of several columns are told apart, and lists and objects keep what they are.
 * 4: white space of every kind is taken off values, zones that mean different places are bad rows. Generated logs have neither.
 */
function prepVersion({ generated, events, columns, features, tables }: ResolvedDescriptor): number {
  if (generated === undefined) return 4;
  const nested = [events, ...Object.values(tables)].some(({ format }) => format !== 'csv');
  if (nested || [columns.entity, columns.item].some((side) => typeof side !== 'string')) return 3;
  const sampledHistory =
    columns.label.kind === 'implicit' &&
    features.some(
      (feature) =>
        feature.kind === 'history' ||
        (feature.side === 'item' && 'from' in feature && feature.from === 'events'),
    );
  const partOfTable = Object.values(tables).some(
    ({ where, duplicates }) => where.length > 0 || duplicates !== 'error',
  );
  return sampledHistory || partOfTable ? 2 : 1;
}

export interface Sources {
  readonly descriptor: ResolvedDescriptor;
  readonly dataDirectory: string;
  readonly generator: Generator | undefined;
  readonly inspected: readonly InspectedFile[];
}

/** Chooses the layout and hashes its files. Throws `UserError` for missing or damaged ones. Generated data has no files yet. */
export async function findSources(descriptor: DatasetDescriptor, dataDirectory: string): Promise<Sources> {
  if (descriptor.generated !== undefined) {
    const generator = generators[descriptor.generated.by];
    if (generator === undefined)
      throw new UserError({
        code: 'DATASET_UNKNOWN_GENERATOR',
        where: `data set ${descriptor.name} › generated.by`,
        what: `There is no generator "${descriptor.generated.by}".`,
        next: `Known: ${Object.keys(generators).join(', ')}.`,
      });
    return {
      descriptor: await resolveDescriptor(descriptor, undefined),
      dataDirectory,
      generator,
      inspected: [],
    };
  }
  const resolved = await resolveDescriptor(descriptor, dataDirectory);
  const files = await listFiles(resolved, dataDirectory);
  const names = [
    ...new Set([...files.events, ...Object.values(files.tables).flat()].map((file) => file.name)),
  ];
  const inspected: InspectedFile[] = [];
  for (const name of names) inspected.push(await inspectFile(dataDirectory, name));
  return { descriptor: resolved, dataDirectory, generator: undefined, inspected };
}

export interface ListedFiles {
  readonly events: readonly SourceFile[];
  readonly tables: Readonly<Record<string, readonly SourceFile[]>>;
}

/** The files of events and side tables. Throws `UserError` DATA_FILE_MISSING. */
export async function listFiles(descriptor: ResolvedDescriptor, dataDirectory: string): Promise<ListedFiles> {
  const { events } = descriptor;
  const list = async (
    patterns: string | readonly string[],
    source: SourceFile['source'],
    split?: SplitName,
  ): Promise<SourceFile[]> => {
    const { files, missing } = await findFiles(dataDirectory, patterns);
    if (missing.length > 0)
      throw new UserError({
        code: 'DATA_FILE_MISSING',
        where: `${descriptor.name} in ${dataDirectory}`,
        what: `Not found: ${missing.join(', ')}.`,
        next: 'Point --data or LIMAML_DATA to the folder that holds it.',
      });
    return files.map((name) => ({
      path: join(dataDirectory, name),
      name,
      source,
      ...(split === undefined ? {} : { split }),
    }));
  };
  const eventFiles: SourceFile[] = [];
  if (typeof events.files === 'object' && 'train' in events.files)
    for (const split of ['train', 'valid', 'test'] as const)
      eventFiles.push(...(await list(events.files[split], events, split)));
  else eventFiles.push(...(await list(events.files, events)));
  const tables: Record<string, SourceFile[]> = {};
  for (const [name, table] of Object.entries(descriptor.tables))
    tables[name] = await list(table.files, table);
  return { events: eventFiles, tables };
}

/** SHA-256 over everything that decides the content of the prepared folder. */
export function contentHash(sources: Sources, onError: 'stop' | 'reject'): string {
  const { descriptor, generator, inspected } = sources;
  return hashJson({
    format: PREPARED_FORMAT,
    prep: prepVersion(descriptor),
    descriptor,
    generator: generator?.version ?? null,
    files: inspected.map(({ file, sha256 }) => [file, sha256]),
    onError,
  });
}
