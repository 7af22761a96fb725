// The Parquet files of a bundle: meta embeddings, the support rows they rest on, and raw features of entities and items.

import { join } from 'node:path';
import { BUNDLE_FILES, type Through } from '../bundle/manifest.js';
import type { TableStore } from '../bundle/store/table-store.js';
import type { TableColumns } from '../database/append-table.js';
import type { FeatureSource, RowRefs } from '../engine/features/feature-source.js';
import type { TileRunner } from '../engine/runner/tile-runner.js';
import { refsOf } from '../engine/tiles/row-groups.js';
import { InternalError } from '../errors.js';
import { entityPart, type Model } from '../models/definition.js';
import type { EventShard, PreparedDataset } from '../prepared/dataset.js';
import { SPLIT } from '../prepared/format.js';
import type { Progress } from '../progress.js';
import { adaptEpisodes } from '../scoring/adapt.js';
import { entityHistory } from '../scoring/learning-rows.js';
import { lastN, ofSplits, supportPolicy } from '../scoring/support.js';
import { columnKind, type RawColumn } from '../serving/columns/raw-column.js';
import { type RawSource, rawColumn } from '../serving/columns/raw-values.js';
import type { RawInput } from './graphs/raw-input.js';

/** Rows of a side table that are decoded at once. */
const SIDE_ROWS = 50_000;

/** Split codes of the rows that may be support. */
export const SUPPORT_CODES: Readonly<Record<Through, readonly number[]>> = {
  train: [SPLIT.train, SPLIT.support],
  valid: [SPLIT.train, SPLIT.valid, SPLIT.support],
  test: [SPLIT.train, SPLIT.valid, SPLIT.test, SPLIT.support],
};

/** Features among the inputs that are kept with each support row. */
export const eventFeatures = (inputs: readonly RawInput[]): readonly RawInput[] =>
  inputs.filter(({ side }) => side === 'event');

/** Features among the inputs that an entity or an item has of its own. */
export const sideFeatures = (inputs: readonly RawInput[], side: 'entity' | 'item'): readonly RawInput[] =>
  inputs.filter((input) => input.side === side && input.kind !== 'id');

/** Columns of support.parquet: `place` counts an entity's rows from 0, the oldest. */
export function supportColumns(adaptInputs: readonly RawInput[]): TableColumns {
  const features = eventFeatures(adaptInputs).map((input) => [input.name, columnKind(input)] as const);
  return {
    entity: 'text',
    place: 'integer',
    item: 'text',
    timestamp_ms: 'milliseconds',
    label: 'integer',
    ...Object.fromEntries(features),
  };
}

/** Columns of embeddings.parquet. */
export const embeddingColumns = (size: number): TableColumns => ({
  entity: 'text',
  vector: { vector: size },
  support: 'integer',
  last_event_ms: 'milliseconds',
});

export const EMBEDDINGS_SELECT =
  'SELECT entity, CAST(vector AS FLOAT[]) AS vector, support, last_event_ms FROM embeddings ORDER BY entity';
export const SUPPORT_SELECT = 'SELECT * FROM support ORDER BY entity, place';

export interface EmbeddingRequest {
  readonly model: Model;
  readonly dataset: PreparedDataset;
  readonly source: FeatureSource;
  readonly runner: TileRunner;
  readonly tileRows: number;
  readonly through: Through;
  readonly adaptInputs: readonly RawInput[];
  readonly raw: RawSource;
  readonly progress: Progress;
}

export interface EmbeddingSummary {
  readonly entities: number;
  readonly supportRows: number;
  readonly cutoffMs: number | null;
}

/**
 * Adapts every entity of the data on its latest support rows and writes embeddings.parquet and support.parquet, one shard in
 * memory at a time. An entity without support rows gets its prior.
 */
export async function writeEmbeddings(
  folder: string,
  store: TableStore,
  request: EmbeddingRequest,
): Promise<EmbeddingSummary> {
  const { model, dataset, through, adaptInputs, progress } = request;
  const meta = entityPart(model);
  if (meta === undefined) throw new InternalError(`model "${model.name}" adapts nothing`);
  await store.create('embeddings', embeddingColumns(meta.size));
  await store.create('support', supportColumns(adaptInputs));
  const policy = supportPolicy(ofSplits(SUPPORT_CODES[through]), lastN(meta.maxSupport));
  let entities = 0;
  let supportRows = 0;
  let cutoffMs = Number.NEGATIVE_INFINITY;
  progress({ kind: 'stage', name: 'adapt', detail: `${dataset.manifest.entities} entities` });
  for (let index = 0; index < dataset.shardCount; index++) {
    const shard = await dataset.shard(index);
    const episodes = Array.from(shard.entities, (entity, place) => ({
      entity,
      support: policy(entityHistory(shard, place), Number.POSITIVE_INFINITY).rows,
    }));
    const vectors = await adaptEpisodes(model, episodes, shard, request.source, request.runner, {
      tileRows: request.tileRows,
    });
    appendEmbeddings(store, episodes, vectors!, meta.size, shard, request.raw);
    appendSupport(store, episodes, shard, adaptInputs, request.raw);
    for (const { support } of episodes) {
      supportRows += support.length;
      if (support.length > 0) cutoffMs = Math.max(cutoffMs, shard.timestampMs[support[support.length - 1]!]!);
    }
    entities += episodes.length;
    progress({ kind: 'step', done: entities, total: dataset.manifest.entities, unit: 'entities' });
  }
  await store.writeParquet(join(folder, BUNDLE_FILES.embeddings), EMBEDDINGS_SELECT);
  await store.writeParquet(join(folder, BUNDLE_FILES.support), SUPPORT_SELECT);
  return { entities, supportRows, cutoffMs: supportRows === 0 ? null : cutoffMs };
}

interface Supported {
  readonly entity: number;
  readonly support: Int32Array;
}

function appendEmbeddings(
  store: TableStore,
  episodes: readonly Supported[],
  vectors: Float32Array,
  size: number,
  shard: EventShard,
  raw: RawSource,
): void {
  const last = ({ support }: Supported): number =>
    support.length === 0 ? Number.NaN : shard.timestampMs[support[support.length - 1]!]!;
  store.append('embeddings', episodes.length, [
    { kind: 'text', values: episodes.map(({ entity }) => raw.words.get('entity')![entity]!) },
    { kind: 'vector', size, values: vectors },
    { kind: 'number', values: Float64Array.from(episodes, ({ support }) => support.length) },
    { kind: 'number', values: Float64Array.from(episodes, last) },
  ]);
}

function appendSupport(
  store: TableStore,
  episodes: readonly Supported[],
  shard: EventShard,
  adaptInputs: readonly RawInput[],
  raw: RawSource,
): void {
  const rows = Int32Array.from(episodes.flatMap(({ support }) => [...support]));
  const places = episodes.flatMap(({ support }) => [...support.keys()]);
  const refs = refsOf(rows, shard);
  const id = (side: 'entity' | 'item'): RawColumn =>
    rawColumn({ name: side, side, kind: 'id' }, refs, raw, shard.features);
  store.append('support', rows.length, [
    id('entity'),
    { kind: 'number', values: Float64Array.from(places) },
    id('item'),
    { kind: 'number', values: Float64Array.from(rows, (row) => shard.timestampMs[row]!) },
    { kind: 'number', values: Float64Array.from(rows, (row) => shard.label[row]!) },
    ...eventFeatures(adaptInputs).map((input) => rawColumn(input, refs, raw, shard.features)),
  ]);
}

/** Writes the raw features of all entities or items, if the inputs have any of that side. */
export async function writeSideTable(
  folder: string,
  store: TableStore,
  side: 'entity' | 'item',
  inputs: readonly RawInput[],
  dataset: PreparedDataset,
  raw: RawSource,
): Promise<void> {
  const features = sideFeatures(inputs, side);
  if (features.length === 0) return;
  const table = side === 'entity' ? 'entities' : 'items';
  const kinds = features.map((input) => [input.name, columnKind(input)] as const);
  await store.create(table, { [side]: 'text', ...Object.fromEntries(kinds) });
  const total = dataset.manifest[table];
  for (let start = 1; start <= total; start += SIDE_ROWS) {
    const ids = Int32Array.from({ length: Math.min(SIDE_ROWS, total + 1 - start) }, (_, i) => start + i);
    const refs: RowRefs = { entity: ids, item: ids, event: ids };
    const columns = features.map((input) => rawColumn(input, refs, raw, undefined));
    store.append(table, ids.length, [
      rawColumn({ name: side, side, kind: 'id' }, refs, raw, undefined),
      ...columns,
    ]);
  }
  await store.writeParquet(join(folder, BUNDLE_FILES[table]), `SELECT * FROM ${table} ORDER BY ${side}`);
}
