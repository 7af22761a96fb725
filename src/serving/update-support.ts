// New events into the support of their entities, and the vectors that come of it, entity by entity.
import type { Bundle } from '../bundle/open.js';
import { notFinite } from '../bundle/store/finite.js';
import type { StoreWriter } from '../bundle/store/store.js';
import { UserError } from '../errors.js';
import { oneAhead } from '../one-ahead.js';
import { pickRows } from '../prepared/raw-column.js';
import type { Progress } from '../progress.js';
import { adaptPiece } from './adapt-stored.js';
import type { NewEvents } from './events/read-new-events.js';
import { mergedEntities, type Work } from './merged-entities.js';

interface UpdatedSupport {
  /** Events that the support held already. */
  readonly known: number;
  /** Entities whose support changed, and how many of them had no vector before. */
  readonly adapted: number;
  readonly added: number;
  /** Rows of their support, and those among them of whose item the bundle's tables hold no features. */
  readonly supportRows: number;
  readonly unknownItems: number;
}

/** Puts the support and vectors of every entity whose support the events change. */
export async function updateSupport(
  bundle: Bundle,
  events: Pick<NewEvents, 'pieces' | 'entities'>,
  writer: Pick<StoreWriter, 'putSupport' | 'putVectors'>,
  progress: Progress,
  work: Work = {},
): Promise<UpdatedSupport> {
  const { store } = bundle;
  let known = 0;
  let adapted = 0;
  let added = 0;
  let supportRows = 0;
  let unknownItems = 0;
  for await (const part of oneAhead(mergedEntities(bundle, events, undefined, work))) {
    const { ids, starts, stored, all, storedRows } = part;
    const kept: number[] = [];
    const keptStarts: number[] = [];
    const changed: string[] = [];
    /** Whoever has support rows has a vector: only of the others is it asked, which reads vectors. */
    const withoutRows: string[] = [];
    part.merged.forEach((merged, place) => {
      const [from, to] = stored[place]!;
      known += merged.known;
      if (merged.rows.length === to - from && merged.rows.every((row, i) => row === i)) return;
      keptStarts.push(kept.length);
      changed.push(ids[place]!);
      if (from === to) withoutRows.push(ids[place]!);
      for (const row of merged.rows) kept.push(row < 0 ? storedRows + starts[place]! - 1 - row : from + row);
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
    await writer.putSupport(support);
    await writer.putVectors(vectors);
    if (withoutRows.length > 0) {
      const { found } = await store.vectors(withoutRows);
      added += found.reduce((total, is) => total + 1 - is, 0);
    }
    adapted += changed.length;
    supportRows += support.rows;
    unknownItems += vectors.unknownItems;
    progress({ kind: 'step', done: adapted, total: events.entities, unit: 'entities' });
  }
  return { known, adapted, added, supportRows, unknownItems };
}

function noVector(entity: string): UserError {
  return new UserError({
    code: 'EVENTS_NOT_FINITE',
    where: `entity ${entity}`,
    what: 'No finite vector comes of its events: a number among them, or the label, is far from all that was trained on.',
    next: 'Mend or leave out the events. Nothing was changed.',
  });
}
