// A prepared data set held in memory, for tests of what is built on one.

import type { EventShard, FeatureTable, PreparedDataset } from '../../src/prepared/dataset.js';
import { SPLIT, type SplitName } from '../../src/prepared/format.js';
import type { FeatureSpec, PreparedManifest, SplitSummary } from '../../src/prepared/manifest.js';

interface MemoryEvents {
  /** Sorted by entity, then time. Indexes from 1. */
  readonly entity: readonly number[];
  readonly item: readonly number[];
  readonly timestampMs: readonly number[];
  readonly label: readonly number[];
  /** `SPLIT` codes. */
  readonly split: readonly number[];
}

/** One data set of `shards` shards (entities by index modulo). */
export function memoryDataset(
  events: MemoryEvents,
  entityFeatures: FeatureTable,
  itemFeatures: FeatureTable,
  features: readonly FeatureSpec[],
  shards = 1,
): PreparedDataset {
  const entities = Math.max(...events.entity);
  const items = Math.max(...events.item);
  const parts = Array.from({ length: shards }, (_, index) =>
    shardOf(
      events,
      events.entity.flatMap((entity, row) => (entity % shards === index ? [row] : [])),
    ),
  );
  const counts = (ids: readonly number[], size: number, name: SplitName): Int32Array => {
    const found = new Int32Array(size + 1);
    ids.forEach((id, row) => {
      if (events.split[row] === SPLIT[name]) found[id]!++;
    });
    return found;
  };
  const allCounts = (ids: readonly number[], size: number) => ({
    train: counts(ids, size, 'train'),
    valid: counts(ids, size, 'valid'),
    test: counts(ids, size, 'test'),
  });
  const manifest: PreparedManifest = {
    format: 'limaml-prepared',
    version: 1,
    dataset: 'memory',
    hash: '0'.repeat(64),
    sources: [],
    descriptor: {},
    rows: events.entity.length,
    entities,
    items,
    splits: {
      train: summary(events, SPLIT.train),
      valid: summary(events, SPLIT.valid),
      test: summary(events, SPLIT.test),
    },
    features,
    shards: parts.map((part, i) => ({
      file: `memory-${i}`,
      rows: part.rows,
      entities: part.entities.length,
    })),
    files: {},
    dropped: {},
  };
  return {
    path: 'memory',
    hash: manifest.hash,
    manifest,
    shardCount: shards,
    shard: async (index) => parts[index]!,
    entityFeatures: async () => entityFeatures,
    itemFeatures: async () => itemFeatures,
    entityCounts: async () => allCounts(events.entity, entities),
    itemCounts: async () => allCounts(events.item, items),
    raw: noRaw,
    rawEntities: noRaw,
    vocabulary: async (column) => {
      const size =
        column === 'entity' ? entities : column === 'item' ? items : featureSize(features, column) - 1;
      return ['', ...Array.from({ length: size }, (_, i) => `${column} ${i + 1}`)];
    },
  };
}

const noRaw = (): Promise<never> => Promise.reject(new Error('there are no raw values'));

function featureSize(features: readonly FeatureSpec[], name: string): number {
  const spec = features.find((feature) => feature.name === name);
  if (spec === undefined || spec.kind === 'numeric') throw new Error(`no vocabulary of "${name}"`);
  return spec.size;
}

function shardOf(events: MemoryEvents, rows: readonly number[]): EventShard {
  const entity = Int32Array.from(rows, (row) => events.entity[row]!);
  const starts = [...entity.keys()].filter((row) => row === 0 || entity[row] !== entity[row - 1]);
  return {
    rows: rows.length,
    entities: Int32Array.from(starts, (row) => entity[row]!),
    offsets: Int32Array.from([...starts, rows.length]),
    entity,
    item: Int32Array.from(rows, (row) => events.item[row]!),
    timestampMs: Float64Array.from(rows, (row) => events.timestampMs[row]!),
    label: Float32Array.from(rows, (row) => events.label[row]!),
    split: Uint8Array.from(rows, (row) => events.split[row]!),
    features: new Map(),
    truth: undefined,
  };
}

function summary(events: MemoryEvents, code: number): SplitSummary {
  const rows = events.split.flatMap((split, row) => (split === code ? [row] : []));
  const distinct = (ids: readonly number[]): number => new Set(rows.map((row) => ids[row])).size;
  return {
    rows: rows.length,
    entities: distinct(events.entity),
    items: distinct(events.item),
    labelRate: rows.reduce((total, row) => total + events.label[row]!, 0) / Math.max(1, rows.length),
    fromMs: rows.length === 0 ? null : Math.min(...rows.map((row) => events.timestampMs[row]!)),
    toMs: rows.length === 0 ? null : Math.max(...rows.map((row) => events.timestampMs[row]!)),
  };
}
