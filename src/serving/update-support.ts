// New events into the support of their entities, and the vectors that come of it, entity by entity.
import type { Bundle } from '../bundle/open.js';
import { notFinite } from '../bundle/store/finite.js';
import type { StoreWriter } from '../bundle/store/store.js';
import { UserError } from '../errors.js';
import { joinedPieces, pickRows, type RawPiece } from '../prepared/raw-column.js';
import type { Progress } from '../progress.js';
import { adaptPiece } from './adapt-stored.js';
import type { NewEvents } from './events/read-new-events.js';
import { type EventRows, mergeSupport } from './merge-support.js';
import { wholeEntities } from './whole-entities.js';

export interface UpdatedSupport {
  /** Events that the support held already. */
  readonly known: number;
  /** Entities whose support changed, and how many of them had no vector before. */
  readonly adapted: number;
  readonly added: number;
}

/** Puts the support and vectors of every entity whose support the events change. */
export async function updateSupport(
  bundle: Bundle,
  events: NewEvents,
  writer: StoreWriter,
  progress: Progress,
): Promise<UpdatedSupport> {
  const { store, manifest } = bundle;
  let known = 0;
  let adapted = 0;
  let added = 0;
  for await (const { piece, starts } of wholeEntities(events.pieces())) {
    const entity = piece.columns.get('entity')!.values as readonly string[];
    const ids = starts.map((start) => entity[start]!);
    const stored = await storedRows(bundle, ids);
    const all = joinedPieces([...stored.pieces, piece]);
    const kept: number[] = [];
    const keptStarts: number[] = [];
    const changed: string[] = [];
    starts.forEach((start, place) => {
      const [from, to] = stored.range.get(ids[place]!) ?? [0, 0];
      const merged = mergeSupport(
        eventRows(all, from, to),
        eventRows(piece, start, starts[place + 1] ?? piece.rows),
        manifest.model.maxSupport!,
        manifest.descriptor.duplicates === 'drop',
      );
      known += merged.known;
      if (merged.rows.length === to - from && merged.rows.every((row, i) => row === i)) return;
      keptStarts.push(kept.length);
      changed.push(ids[place]!);
      for (const row of merged.rows) kept.push(row < 0 ? stored.rows + start - 1 - row : from + row);
    });
    if (changed.length === 0) continue;
    const rows = Int32Array.from(kept);
    const support = {
      rows: rows.length,
      columns: new Map([...all.columns].map(([name, column]) => [name, pickRows(column, rows)] as const)),
    };
    const vectors = await adaptPiece(bundle, support, keptStarts);
    const wrong = notFinite(vectors);
    if (wrong !== undefined) throw noVector(wrong);
    writer.putSupport(support);
    writer.putVectors(vectors);
    const { found } = await store.vectors(changed);
    added += found.reduce((total, is) => total + 1 - is, 0);
    adapted += changed.length;
    progress({ kind: 'step', done: adapted, total: events.entities, unit: 'entities' });
  }
  return { known, adapted, added };
}

/** Stored rows of entities, and where those of each are. */
async function storedRows(
  { store }: Bundle,
  ids: readonly string[],
): Promise<{
  pieces: readonly RawPiece[];
  rows: number;
  range: ReadonlyMap<string, readonly [number, number]>;
}> {
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
    timestampMs: Array.from((columns.get('timestamp_ms')!.values as Float64Array).subarray(from, to)),
    label: Array.from((columns.get('label')!.values as Float64Array).subarray(from, to)),
  };
}

function noVector(entity: string): UserError {
  return new UserError({
    code: 'EVENTS_NOT_FINITE',
    where: `entity ${entity}`,
    what: 'No finite vector comes of its events: a number among them, or the label, is far from all that was trained on.',
    next: 'Mend or leave out the events. Nothing was changed.',
  });
}
