// Every entity of the data adapted on its latest rows: vectors and support rows into a bundle's store.
import type { Through } from '../bundle/format/files.js';
import { eventFeatures, type RawInput } from '../bundle/format/raw-input.js';
import { isOwn, type Shard } from '../bundle/format/shard.js';
import { notFinite } from '../bundle/store/finite.js';
import type { StoreWriter } from '../bundle/store/store.js';
import type { FeatureSource } from '../engine/features/feature-source.js';
import type { TileRunner } from '../engine/runner/tile-runner.js';
import { bucketTasks } from '../engine/tiles/bucket-tasks.js';
import { refsOf } from '../engine/tiles/row-groups.js';
import { InternalError, UserError } from '../errors.js';
import { entityPart, type Model } from '../models/contract/definition.js';
import type { EventShard, PreparedDataset } from '../prepared/dataset.js';
import { SPLIT } from '../prepared/format.js';
import type { RawColumn, RawPiece } from '../prepared/raw-column.js';
import type { Progress } from '../progress.js';
import { adaptEpisodes } from '../scoring/adapt.js';
import { entityHistory } from '../scoring/learning-rows.js';
import { lastN, ofSplits, supportPolicy } from '../scoring/support.js';
import { type RawRows, type RawSource, rawColumn } from './raw-rows.js';

/** Split codes of the rows that may be support. */
export const SUPPORT_CODES: Readonly<Record<Through, readonly number[]>> = {
  train: [SPLIT.train, SPLIT.support],
  valid: [SPLIT.train, SPLIT.valid, SPLIT.support],
  test: [SPLIT.train, SPLIT.valid, SPLIT.test, SPLIT.support],
};

interface VectorsRequest {
  readonly model: Model;
  readonly dataset: PreparedDataset;
  readonly source: FeatureSource;
  readonly runner: TileRunner;
  readonly tileRows: number;
  readonly through: Through;
  readonly adaptInputs: readonly RawInput[];
  readonly raw: RawSource;
  /** Only its tiles of entities are adapted and put; all where undefined. */
  readonly shard?: Shard | undefined;
  readonly progress: Progress;
}

/** Puts a vector and the support rows of every entity, one shard in memory at a time. An entity without support rows gets its prior. */
export async function writeVectors(writer: StoreWriter, request: VectorsRequest): Promise<void> {
  const { model, dataset, through, progress } = request;
  const meta = entityPart(model);
  if (meta === undefined) throw new InternalError(`model "${model.name}" adapts nothing`);
  const policy = supportPolicy(ofSplits(SUPPORT_CODES[through]), lastN(meta.maxSupport));
  let entities = 0;
  let tiles = 0;
  progress({ kind: 'stage', name: 'adapt', detail: `${dataset.manifest.entities} entities` });
  for (let index = 0; index < dataset.shardCount; index++) {
    const shard = await dataset.shard(index);
    const all = Array.from(shard.entities, (entity, place) => ({
      entity,
      support: policy(entityHistory(shard, place), Number.POSITIVE_INFINITY).rows,
    }));
    // As the whole would part them: what is computed of an entity depends on its tile in the last bit.
    const buckets = bucketTasks(
      all.map((one) => ({ ...one, query: NONE })),
      request.tileRows,
    ).filter(() => isOwn(request.shard, tiles++));
    const adapted = await adaptEpisodes(model, all, shard, request.source, request.runner, {
      tileRows: request.tileRows,
      buckets,
    });
    const places = buckets.flat().sort((a, b) => a - b);
    const episodes = places.map((place) => all[place]!);
    const vectors = picked(adapted!, places, meta.size);
    const raw = await request.raw.ofShard(index, shard);
    const ids = raw.entity.get('entity')!.values as readonly string[];
    const entityIds = episodes.map(({ entity }) => ids[entity - raw.firstEntity]!);
    const wrong = notFinite({ entities: entityIds, vectors });
    if (wrong !== undefined) throw noVector(wrong);
    await writer.putVectors({
      entities: entityIds,
      vectors,
      support: episodes.map(({ support }) => support.length),
      lastEventMs: episodes.map(({ support }) =>
        support.length === 0 ? Number.NaN : shard.timestampMs[support[support.length - 1]!]!,
      ),
    });
    const rows = joined(episodes.map(({ support }) => support));
    await writer.putSupport(supportRows(rows, shard, raw, request.adaptInputs));
    entities += all.length;
    progress({ kind: 'step', done: entities, total: dataset.manifest.entities, unit: 'entities' });
  }
}

const NONE = new Int32Array(0);

function picked(vectors: Float32Array, places: readonly number[], size: number): Float32Array {
  if (places.length * size === vectors.length) return vectors;
  const own = new Float32Array(places.length * size);
  places.forEach((place, i) => {
    own.set(vectors.subarray(place * size, (place + 1) * size), i * size);
  });
  return own;
}

function joined(lists: readonly Int32Array[]): Int32Array {
  const rows = new Int32Array(lists.reduce((total, list) => total + list.length, 0));
  let at = 0;
  for (const list of lists) {
    rows.set(list, at);
    at += list.length;
  }
  return rows;
}

function supportRows(
  rows: Int32Array,
  shard: EventShard,
  raw: RawRows,
  adaptInputs: readonly RawInput[],
): RawPiece {
  const refs = refsOf(rows, shard);
  const id = (side: 'entity' | 'item') => [side, rawColumn({ name: side, side }, refs, raw)] as const;
  const number = (from: ArrayLike<number>): RawColumn => {
    const values = new Float64Array(rows.length);
    for (let i = 0; i < rows.length; i++) values[i] = from[rows[i]!]!;
    return { kind: 'number', values };
  };
  const columns = new Map<string, RawColumn>([
    id('entity'),
    id('item'),
    ['timestamp_ms', number(shard.timestampMs)],
    ['label', number(shard.label)],
    ...eventFeatures(adaptInputs).map((input) => [input.name, rawColumn(input, refs, raw)] as const),
  ]);
  return { rows: rows.length, columns };
}

function noVector(entity: string): UserError {
  return new UserError({
    code: 'EXPORT_NOT_FINITE',
    where: `entity ${entity}`,
    what: 'The model gives it a vector that is not finite.',
    next: 'Look for numbers far from the others in its rows, or train with a smaller inner rate. Nothing was written.',
  });
}
