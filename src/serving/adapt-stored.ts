// Adapts entities on support rows: raw values through adapt.onnx to vectors.
import { asStored } from '../bundle/format/vector-type.js';
import { type Bundle, layoutOf } from '../bundle/open.js';
import type { VectorRows } from '../bundle/store/store.js';
import { bucketTasks } from '../engine/tiles/bucket-tasks.js';
import { pickRows, type RawColumn, type RawPiece, rowsWithout } from '../prepared/raw-column.js';
import { adaptFeeds, type SupportBatch } from './adapt-feeds.js';
import { wholeEntities } from './whole-entities.js';

/** Most rows, with padding, of one run of the graph. */
const TILE_ROWS = 4096;

/** Vectors of entities, and the support rows that they rest on. */
interface AdaptedEntities extends VectorRows {
  readonly rows: RawPiece;
  /** Rows of whose item the bundle's tables hold none of the features that they hold of items. */
  readonly unknownItems: number;
}

/**
 * Adapts every entity among support rows as a store gives them: rows of an entity together, oldest first. Entities come out in that
 * order, piece by piece.
 */
export async function* adaptStored(
  bundle: Bundle,
  support: AsyncIterable<RawPiece>,
): AsyncGenerator<AdaptedEntities> {
  for await (const { piece, starts } of wholeEntities(support)) yield await adaptPiece(bundle, piece, starts);
}

/** `starts`: the first row of each entity of the piece. */
export async function adaptPiece(
  bundle: Bundle,
  piece: RawPiece,
  starts: readonly number[],
): Promise<AdaptedEntities> {
  const inputs = bundle.manifest.inputs.adapt;
  const adapt = await bundle.adapt();
  const size = bundle.manifest.model.dimensions!;
  const entity = textOf(piece, 'entity');
  const ends = [...starts.slice(1), piece.rows];
  const entities = starts.map((start) => entity[start]!);
  const ofEntity = await bundle.store.features('entity', entities);
  const ofItem = await bundle.store.features('item', textOf(piece, 'item'));
  const label = piece.columns.get('label')!.values as Float64Array;
  const vectors = new Float32Array(starts.length * size);
  const counting = new Int32Array(piece.rows).map((_, row) => row);
  const none = new Int32Array(0);
  const episodes = starts.map((start, place) => ({
    entity: place,
    support: counting.subarray(start, ends[place]!),
    query: none,
  }));
  for (const places of bucketTasks(episodes, TILE_ROWS)) {
    const tasks = places.map((place) => episodes[place]!.support);
    const offsets = offsetsOf(tasks);
    const rows = new Int32Array(offsets[tasks.length]!);
    tasks.forEach((support, t) => {
      rows.set(support, offsets[t]!);
    });
    const columns = new Map<string, RawColumn>();
    const own = new Map<string, RawColumn>();
    const [ofPlaces, ofRows] = [Int32Array.from(places), rows];
    for (const { name, side, kind } of inputs) {
      if (side === 'entity')
        own.set(
          name,
          pickRows(kind === 'id' ? { kind: 'text', values: entities } : ofEntity.get(name)!, ofPlaces),
        );
      else
        columns.set(
          name,
          pickRows((kind === 'id' || side === 'event' ? piece.columns : ofItem).get(name)!, ofRows),
        );
    }
    const batch: SupportBatch = {
      offsets,
      label: new Float32Array(pickRows({ kind: 'number', values: label }, rows).values as Float64Array),
      rows: columns,
      entities: own,
    };
    const { vector } = await adapt.run(adaptFeeds(batch, inputs, adapt.inputs));
    const found = vector!.data as Float32Array;
    places.forEach((place, t) => {
      vectors.set(found.subarray(t * size, (t + 1) * size), place * size);
    });
  }
  const { vectorType } = layoutOf(bundle.manifest);
  const isSmaller = vectorType !== 'float32';
  const time = piece.columns.get('timestamp_ms')!.values as Float64Array;
  return {
    entities,
    // What a store gives back of them: who adapts now and who reads later score alike. Others are refused when they are to be stored.
    vectors: isSmaller && vectors.every(Number.isFinite) ? asStored(vectorType, vectors, size) : vectors,
    support: starts.map((start, place) => ends[place]! - start),
    lastEventMs: ends.map((end) => time[end - 1]!),
    rows: piece,
    unknownItems: ofItem.size === 0 ? 0 : rowsWithout([...ofItem.values()], piece.rows),
  };
}

const textOf = ({ columns }: RawPiece, name: string): readonly string[] =>
  columns.get(name)!.values as readonly string[];

function offsetsOf(tasks: readonly Int32Array[]): Int32Array {
  const offsets = new Int32Array(tasks.length + 1);
  tasks.forEach((rows, t) => {
    offsets[t + 1] = offsets[t]! + rows.length;
  });
  return offsets;
}
