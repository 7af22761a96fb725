// Preps small logs written by a test and reads the result back in raw values.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { z } from 'zod';
import { UserError, UserErrors } from '../../src/errors.js';
import { descriptorSchema } from '../../src/prep/descriptor/descriptor.js';
import { type PrepareRequest, prepare } from '../../src/prep/prepare.js';
import type { PrepareResult } from '../../src/prep/prepare-result.js';
import type { FeatureColumn, PreparedDataset } from '../../src/prepared/dataset.js';
import { openPrepared } from '../../src/prepared/open.js';
import type { ProgressEvent } from '../../src/progress.js';

/** A descriptor before its defaults are filled in. */
export type RawDescriptor = z.input<typeof descriptorSchema>;

export interface Folder {
  readonly path: string;
  write(name: string, content: string | Uint8Array): Promise<void>;
  remove(): Promise<void>;
}

export async function temporaryFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'limaml-prep-test-'));
  return {
    path,
    write: async (name, content) => {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), content);
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

/** A descriptor of `events.csv` with user, item, time, label; parts are overridden. */
export const plain = (parts: Partial<RawDescriptor> = {}): RawDescriptor => ({
  name: 'log',
  licence: 'made for the test',
  source: {},
  events: { files: 'events.csv' },
  columns: {
    entity: 'user',
    item: 'item',
    timestamp: { column: 'time', unit: 's' },
    label: { kind: 'binary', column: 'label' },
  },
  split: { kind: 'per-entity-time', test: 0.2, valid: 0.25 },
  ...parts,
});

export interface Prepped {
  readonly result: PrepareResult;
  readonly dataset: PreparedDataset;
  readonly reported: readonly ProgressEvent[];
}

export async function prep(
  folder: Folder,
  descriptor: RawDescriptor,
  options: Partial<PrepareRequest> = {},
): Promise<Prepped> {
  const reported: ProgressEvent[] = [];
  const result = await prepare({
    descriptor: descriptorSchema.parse(descriptor),
    dataDirectory: folder.path,
    outDirectory: join(folder.path, 'prepared'),
    threads: 2,
    memoryLimitMb: 256,
    progress: (event) => reported.push(event),
    ...options,
  });
  return { result, dataset: await openPrepared(result.path), reported };
}

interface PlainEvent {
  readonly entity: string;
  readonly item: string;
  readonly ms: number;
  readonly label: number;
  readonly split: 'train' | 'valid' | 'test' | 'support';
  readonly features: Readonly<Record<string, unknown>>;
}

/** All events in stored order, decoded. */
export async function allEvents(dataset: PreparedDataset): Promise<readonly PlainEvent[]> {
  const entities = await dataset.vocabulary('entity');
  const items = await dataset.vocabulary('item');
  const events: PlainEvent[] = [];
  for (let index = 0; index < dataset.shardCount; index++) {
    const shard = await dataset.shard(index);
    for (let row = 0; row < shard.rows; row++)
      events.push({
        entity: entities[shard.entity[row]!]!,
        item: items[shard.item[row]!]!,
        ms: shard.timestampMs[row]!,
        label: shard.label[row]!,
        split: (['train', 'valid', 'test', 'support'] as const)[shard.split[row]!]!,
        features: await decoded(dataset, [...shard.features.values()], row),
      });
  }
  return events;
}

/** Side features by raw value of the entity (item). */
export async function sideFeatures(
  dataset: PreparedDataset,
  side: 'entity' | 'item',
): Promise<Readonly<Record<string, Readonly<Record<string, unknown>>>>> {
  const names = await dataset.vocabulary(side);
  const table = side === 'entity' ? await dataset.entityFeatures() : await dataset.itemFeatures();
  const rows = await Promise.all(
    names.map(async (name, row) => [name, await decoded(dataset, [...table.values()], row)] as const),
  );
  return Object.fromEntries(rows);
}

async function decoded(
  dataset: PreparedDataset,
  columns: readonly FeatureColumn[],
  row: number,
): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const column of columns) {
    if (column.kind === 'numeric') values[column.name] = column.values[row];
    else {
      const spec = dataset.manifest.features.find((feature) => feature.name === column.name)!;
      const words =
        'edges' in spec && spec.edges !== undefined
          ? Array.from({ length: column.size }, (_, bucket) => `bucket ${bucket}`)
          : await dataset.vocabulary(column.name);
      values[column.name] =
        column.kind === 'categorical'
          ? words[column.indices[row]!]
          : [...column.indices.subarray(column.offsets[row], column.offsets[row + 1])].map((i) => words[i]);
    }
  }
  return values;
}

/** The user errors that a promise is rejected with; fails the test when it is not. */
export async function userErrors(work: Promise<unknown>): Promise<readonly UserError[]> {
  try {
    await work;
  } catch (error) {
    if (error instanceof UserErrors) return error.errors;
    if (error instanceof UserError) return [error];
    throw error;
  }
  throw new Error('expected a user error, but nothing was thrown');
}
