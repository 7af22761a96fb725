// Every entity of the data adapted on its latest rows: vectors and support rows into a bundle's store.
import type { Through } from '../bundle/format/files.js';
import { eventFeatures, type RawInput } from '../bundle/format/raw-input.js';
import { isOwn, type Shard } from '../bundle/format/shard.js';
import { notFinite } from '../bundle/store/finite.js';
import type { StoreWriter } from '../bundle/store/store.js';
import type { FeatureSource } from '../engine/features/feature-source.js';
import type { TileRunner } from '../engine/runner/tile-runner.js';
import { bucketLengths } from '../engine/tiles/bucket-tasks.js';
import type { Episode } from '../engine/tiles/episode.js';
import { refsOf } from '../engine/tiles/row-groups.js';
import { InternalError, UserError } from '../errors.js';
import { entityPart, type Model } from '../models/contract/definition.js';
import { oneAhead } from '../one-ahead.js';
import type { EventShard, PreparedDataset } from '../prepared/dataset.js';
import { SPLIT } from '../prepared/format.js';
import type { RawColumn, RawPiece } from '../prepared/raw-column.js';
import type { Progress } from '../progress.js';
import { adaptEpisodes } from '../scoring/adapt.js';
import { entityHistory } from '../scoring/learning-rows.js';
import { lastN, ofSplits, type SupportPolicy, supportPolicy } from '../scoring/support.js';
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
  /** Entities whose vectors are computed, and held, at once; a tile of them at least. */
  readonly pieceEntities?: number;
  readonly progress: Progress;
}

const PIECE_ENTITIES = 16_384;

/** Puts a vector and the support rows of every entity, piece by piece, one shard in memory at a time. An entity without support rows gets its prior. */
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
    const supports = supportsOf(shard, policy);
    const lengths = supports.offsets.subarray(1).map((end, place) => end - supports.offsets[place]!);
    // As the whole would part them: what is computed of an entity depends on its tile in the last bit.
    const buckets = bucketLengths(lengths, new Int32Array(lengths.length), request.tileRows).filter(() =>
      isOwn(request.shard, tiles++),
    );
    const raw = await request.raw.ofShard(index, shard);
    for await (const piece of oneAhead(adaptedPieces(request, shard, supports, buckets))) {
      // The next piece is on its way to the workers while this one is written.
      await new Promise((resolve) => setImmediate(resolve));
      await put(writer, piece, shard, raw, request.adaptInputs);
    }
    entities += shard.entities.length;
    progress({ kind: 'step', done: entities, total: dataset.manifest.entities, unit: 'entities' });
  }
}

/** Support rows of a shard's entities by place, those of all one behind the other: millions of small arrays take many times their memory. */
interface Supports {
  readonly rows: Int32Array;
  /** [entities + 1] */
  readonly offsets: Int32Array;
}

function supportsOf(shard: EventShard, policy: SupportPolicy): Supports {
  const rows = new Int32Array(shard.rows);
  const offsets = new Int32Array(shard.entities.length + 1);
  for (let place = 0; place < shard.entities.length; place++) {
    const own = policy(entityHistory(shard, place), Number.POSITIVE_INFINITY).rows;
    rows.set(own, offsets[place]!);
    offsets[place + 1] = offsets[place]! + own.length;
  }
  return { rows, offsets };
}

interface AdaptedPiece {
  /** In the shard's order. */
  readonly episodes: readonly Omit<Episode, 'query'>[];
  /** [episodes × size] */
  readonly vectors: Float32Array;
}

/** The entities of `buckets`, which are adapted as they are dealt there, in pieces of whole buckets. */
async function* adaptedPieces(
  { model, source, runner, tileRows, pieceEntities = PIECE_ENTITIES }: VectorsRequest,
  shard: EventShard,
  { rows, offsets }: Supports,
  buckets: readonly (readonly number[])[],
): AsyncGenerator<AdaptedPiece> {
  for (let next = 0; next < buckets.length; ) {
    const from = next;
    let count = 0;
    while (next < buckets.length && (count === 0 || count + buckets[next]!.length <= pieceEntities))
      count += buckets[next++]!.length;
    const own = buckets.slice(from, next);
    const places = Int32Array.from(own.flat()).sort();
    const at = new Map(Array.from(places, (place, i) => [place, i]));
    const episodes = Array.from(places, (place) => ({
      entity: shard.entities[place]!,
      support: rows.subarray(offsets[place]!, offsets[place + 1]!),
    }));
    const vectors = await adaptEpisodes(model, episodes, shard, source, runner, {
      tileRows,
      buckets: own.map((bucket) => bucket.map((place) => at.get(place)!)),
    });
    yield { episodes, vectors: vectors! };
  }
}

async function put(
  writer: StoreWriter,
  { episodes, vectors }: AdaptedPiece,
  shard: EventShard,
  raw: RawRows,
  adaptInputs: readonly RawInput[],
): Promise<void> {
  const ids = raw.entity.get('entity')!.values as readonly string[];
  const entities = episodes.map(({ entity }) => ids[entity - raw.firstEntity]!);
  const wrong = notFinite({ entities, vectors });
  if (wrong !== undefined) throw noVector(wrong);
  await writer.putVectors({
    entities,
    vectors,
    support: episodes.map(({ support }) => support.length),
    lastEventMs: episodes.map(({ support }) =>
      support.length === 0 ? Number.NaN : shard.timestampMs[support[support.length - 1]!]!,
    ),
  });
  const rows = joined(episodes.map(({ support }) => support));
  await writer.putSupport(supportRows(rows, shard, raw, adaptInputs));
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
