// New events beside the stored support of their entities: what of them is new, and which rows are kept.
import { isOwn, type Shard } from '../bundle/format/shard.js';
import type { Bundle } from '../bundle/open.js';
import { joinedPieces, type RawPiece } from '../prepared/raw-column.js';
import type { NewEvents } from './events/read-new-events.js';
import { type EventRows, type MergedSupport, mergeSupport } from './merge-support.js';
import { wholeEntities } from './whole-entities.js';

/** Some entities with their new events. */
export interface MergedEntities {
  readonly ids: readonly string[];
  /** New events, those of an entity together, and where those of each begin. */
  readonly piece: RawPiece;
  readonly starts: readonly number[];
  /** Of each entity: where its stored rows are, from and to, and what comes of the two. */
  readonly stored: readonly (readonly [number, number])[];
  readonly merged: readonly MergedSupport[];
  /** Stored rows of all of them, then the new events. */
  readonly all: RawPiece;
  readonly storedRows: number;
}

/** Which pieces of the events are looked at, and about how many rows one has. */
export interface Work {
  readonly shard?: Shard | undefined;
  readonly pieceRows?: number | undefined;
}

/** Merges the events with what is stored, some entities at a time, and keeps the latest `most` rows of each. */
export async function* mergedEntities(
  bundle: Bundle,
  events: Pick<NewEvents, 'pieces'>,
  most = bundle.manifest.model.maxSupport ?? Number.POSITIVE_INFINITY,
  work: Work = {},
): AsyncGenerator<MergedEntities> {
  const { adapt, descriptor } = bundle.manifest;
  let n = 0;
  for await (const { piece, starts } of wholeEntities(events.pieces(), work.pieceRows)) {
    if (!isOwn(work.shard, n++)) continue;
    const entity = piece.columns.get('entity')!.values as readonly string[];
    const ids = starts.map((start) => entity[start]!);
    const { pieces, rows, range } = adapt === null ? NOTHING : await storedOf(bundle, ids);
    const all = joinedPieces([...pieces, piece].map((one) => ofColumns(one, piece)));
    const stored = ids.map((id) => range.get(id) ?? ([0, 0] as const));
    const merged = starts.map((start, place) =>
      mergeSupport(
        eventRows(all, ...stored[place]!),
        eventRows(piece, start, starts[place + 1] ?? piece.rows),
        most,
        descriptor.duplicates === 'drop',
      ),
    );
    yield { ids, piece, starts, stored, merged, all, storedRows: rows };
  }
}

/** The columns that new events have: before history is computed they lack some that are stored. */
const ofColumns = ({ rows, columns }: RawPiece, like: RawPiece): RawPiece => ({
  rows,
  columns: new Map([...columns].filter(([name]) => like.columns.has(name))),
});

interface StoredRows {
  readonly pieces: readonly RawPiece[];
  readonly rows: number;
  readonly range: ReadonlyMap<string, readonly [number, number]>;
}

/** What a model that adapts nothing has. */
const NOTHING: StoredRows = { pieces: [], rows: 0, range: new Map() };

/** Stored rows of entities, and where those of each are. */
async function storedOf({ store }: Bundle, ids: readonly string[]): Promise<StoredRows> {
  const pieces: RawPiece[] = [];
  const range = new Map<string, readonly [number, number]>();
  let rows = 0;
  for await (const piece of store.support({ ids })) {
    for (const entity of piece.columns.get('entity')!.values as readonly string[]) {
      const [from] = range.get(entity) ?? [rows];
      range.set(entity, [from, ++rows]);
    }
    pieces.push(piece);
  }
  return { pieces, rows, range };
}

function eventRows({ columns }: RawPiece, from: number, to: number): EventRows {
  return {
    item: (columns.get('item')!.values as readonly string[]).slice(from, to),
    timestampMs: (columns.get('timestamp_ms')!.values as Float64Array).subarray(from, to),
    label: (columns.get('label')!.values as Float64Array).subarray(from, to),
  };
}
