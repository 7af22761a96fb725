// A bundle in service: rows scored at once, events adapted into vectors of this process, which lie over those of the bundle.

import { columnKind } from '../../bundle/format/raw-tensor.js';
import type { Bundle } from '../../bundle/open.js';
import type { BundleStore, EntityChoice } from '../../bundle/store/store.js';
import { InternalError, UserError } from '../../errors.js';
import {
  joinedPieces,
  missingColumn,
  type RawColumn,
  type RawPiece,
  rowsWithout,
} from '../../prepared/raw-column.js';
import { silent } from '../../progress.js';
import { rowVectors } from '../entity-vectors.js';
import { freshEvents } from '../new-history.js';
import { scoreValues } from '../score-values.js';
import { updateSupport } from '../update-support.js';
import { byEntity, latestRows, pickedRows } from './member-rows.js';

interface Member {
  readonly support: RawPiece;
  readonly vector: Float32Array;
  /** Events that came in here, the latest of them: what another bundle takes over. */
  readonly events: RawPiece;
}

interface LiveScores {
  readonly probability: Float32Array;
  /** Rows that were scored with the prior. */
  readonly priors: number;
  /** Rows of whose item the bundle's tables hold none of the features that were looked up. */
  readonly unknownItems: number;
}

export interface LiveAdapted {
  /** Events that the support held already. */
  readonly known: number;
  /** Entities whose vectors changed, and how many of them had none before. */
  readonly adapted: number;
  readonly added: number;
}

export interface LiveBundle {
  readonly bundle: Bundle;
  score(rows: RawPiece): Promise<LiveScores>;
  /**
   * `keep` is given the events that the support did not hold, where there are any, before they count here. Throws UserError
   * LIVE_ADAPTS_NOTHING, LIVE_FULL, EVENTS_NOT_FINITE, and what `keep` throws. Nothing is kept of events that throw.
   */
  adapt(events: RawPiece, keep?: (fresh: RawPiece) => Promise<void>): Promise<LiveAdapted>;
  /** Events that came in here, entity by entity. */
  events(): Iterable<RawPiece>;
  members(): number;
}

/** @param mostMembers entities whose vectors may differ from the bundle's */
export function liveBundle(bundle: Bundle, mostMembers: number): LiveBundle {
  const { manifest } = bundle;
  const members = new Map<string, Member>();
  const over: Bundle = { ...bundle, store: withMembers(bundle.store, members) };
  /** The same with all support rows of some entities in memory: they are read more than once. */
  const fetched = async (ids: readonly string[]): Promise<Bundle> => {
    const pieces: RawPiece[] = [];
    for await (const piece of over.store.support({ ids })) pieces.push(piece);
    const own = pieces.length === 0 ? new Map<string, RawPiece>() : byEntity(joinedPieces(pieces));
    async function* support(of: EntityChoice): AsyncGenerator<RawPiece> {
      if (!('ids' in of)) throw new InternalError('a share of some entities');
      for (const id of [...of.ids].sort()) {
        const rows = own.get(id);
        if (rows !== undefined) yield rows;
      }
    }
    return { ...over, store: { ...over.store, support } };
  };
  // One after the other: two that came at once for one entity would both begin with the same support.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };
  const adapt = async (piece: RawPiece, keep?: (fresh: RawPiece) => Promise<void>): Promise<LiveAdapted> => {
    const events = byEntity(piece);
    const pieces = async function* () {
      yield* events.values();
    };
    const more = [...events.keys()].filter((id) => !members.has(id)).length;
    if (members.size + more > mostMembers) throw full(mostMembers);
    const support = new Map<string, RawPiece>();
    const vectors = new Map<string, Float32Array>();
    const from = await fetched([...events.keys()]);
    const { places } = await freshEvents(from, { rows: piece.rows, pieces });
    const updated = await updateSupport(
      from,
      { entities: events.size, pieces },
      {
        putSupport: (rows) => {
          for (const [id, own] of byEntity(rows)) support.set(id, own);
        },
        putVectors: ({ entities, vectors: found }) => {
          const size = found.length / entities.length;
          entities.forEach((id, i) => {
            vectors.set(id, found.slice(i * size, (i + 1) * size));
          });
        },
      },
      silent,
    );
    const fresh = pickedRows(
      joinedPieces([...events.values()]),
      [...places.keys()].filter((row) => places[row]! >= 0),
    );
    // First, so that events that could not be kept are not known when they are sent again.
    if (fresh.rows > 0) await keep?.(fresh);
    // At once: a row is scored with an entity's older vector or its newer one.
    for (const [id, vector] of vectors) {
      const before = members.get(id);
      const came = before === undefined ? [events.get(id)!] : [before.events, events.get(id)!];
      members.set(id, {
        vector,
        support: support.get(id)!,
        events: latestRows(came, manifest.model.maxSupport!),
      });
    }
    const { known, adapted, added } = updated;
    return { known, adapted, added };
  };
  return {
    bundle,
    score: (rows) => scored(over, rows),
    adapt: async (piece, keep) => {
      if (manifest.adapt === null) throw adaptsNothing(manifest.model.name);
      return inTurn(() => adapt(piece, keep));
    },
    *events() {
      for (const { events } of members.values()) yield events;
    },
    members: () => members.size,
  };
}

/** Features of entities and items that no row brings are the bundle's. */
async function scored(bundle: Bundle, { rows, columns }: RawPiece): Promise<LiveScores> {
  const { manifest, store } = bundle;
  const values = new Map(columns);
  let unknownItems = 0;
  const all = [...manifest.inputs.score, ...manifest.inputs.adapt.filter(({ side }) => side === 'entity')];
  for (const side of ['entity', 'item'] as const) {
    const lacking = all.filter(
      (input) => input.side === side && input.kind !== 'id' && !values.has(input.name),
    );
    if (lacking.length === 0) continue;
    const ids = values.get(side)?.values as readonly string[] | undefined;
    const found = ids === undefined ? new Map<string, RawColumn>() : await store.features(side, ids);
    for (const input of lacking)
      values.set(input.name, found.get(input.name) ?? missingColumn(columnKind(input), rows));
    if (side === 'item')
      unknownItems = rowsWithout(
        lacking.map(({ name }) => values.get(name)!),
        rows,
      );
  }
  if (manifest.adapt === null)
    return { probability: await scoreValues(bundle, values, rows), priors: 0, unknownItems };
  const { vectors, priors } = await rowVectors(
    bundle,
    values.get('entity')!.values as readonly string[],
    values,
  );
  return { probability: await scoreValues(bundle, values, rows, vectors), priors, unknownItems };
}

/** The store with what members have newer. */
function withMembers(store: BundleStore, members: ReadonlyMap<string, Member>): BundleStore {
  return {
    ...store,
    async vectors(ids) {
      const { vectors, found } = await store.vectors(ids);
      const size = vectors.length / Math.max(1, ids.length);
      ids.forEach((id, i) => {
        const member = members.get(id);
        if (member === undefined) return;
        vectors.set(member.vector, i * size);
        found[i] = 1;
      });
      return { vectors, found };
    },
    async *support(of) {
      if (!('ids' in of)) return yield* store.support(of);
      for (const id of of.ids) {
        const member = members.get(id);
        if (member !== undefined) yield member.support;
      }
      const ids = of.ids.filter((id) => !members.has(id));
      if (ids.length > 0) yield* store.support({ ids });
    },
  };
}

const adaptsNothing = (model: string): UserError =>
  new UserError({
    code: 'LIVE_ADAPTS_NOTHING',
    what: `Model "${model}" adapts nothing: it takes no events.`,
    next: 'Train and export again to learn from new events.',
  });

const full = (most: number): UserError =>
  new UserError({
    code: 'LIVE_FULL',
    what: `Vectors of ${most} members are newer here than in the bundle, and no more are kept.`,
    next: 'Refresh the bundle with the journal of events; it is taken up when it is there.',
  });
