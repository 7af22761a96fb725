// The bundle that serves at the moment, and its change for a newer one while requests go on.
import type { Bundle } from '../../bundle/open.js';
import { UserError } from '../../errors.js';
import type { RawPiece } from '../../prepared/raw-column.js';
import type { Progress } from '../../progress.js';
import { openServed, type ServedBundle, servedHash } from '../open-served.js';
import { type Journal, openJournal } from './journal.js';
import { type LiveAdapted, type LiveBundle, liveBundle } from './live-bundle.js';

export interface ServiceRequest extends ServedBundle {
  /** File that events are appended to; none where undefined. */
  readonly journal?: string | undefined;
  /** Entities whose vectors may be newer than the bundle's. */
  readonly mostMembers: number;
  /** Threads within one graph run. */
  readonly threads: number;
  readonly progress: Progress;
}

export interface Service {
  /** Does `work` with the bundle that serves now, which stays open until then. */
  use<T>(work: (live: LiveBundle) => Promise<T>): Promise<T>;
  /** Adapts members to events at once, once they are in the journal. */
  adapt(events: RawPiece): Promise<LiveAdapted>;
  /** Takes up another bundle where one is in place; gives its hash. What it throws leaves the one that serves. */
  reload(): Promise<string | undefined>;
  close(): Promise<void>;
}

interface InUse {
  readonly live: LiveBundle;
  uses: number;
  retired: boolean;
}

/** Throws what `openServed` throws. */
export async function openService(request: ServiceRequest): Promise<Service> {
  const { mostMembers, threads, journal: path, progress } = request;
  const opened = async (): Promise<InUse> => {
    const bundle = await openServed(request, threads, 'at once');
    try {
      await warm(bundle);
    } catch (error) {
      await bundle.close().catch(() => undefined);
      throw error;
    }
    return { live: liveBundle(bundle, mostMembers), uses: 0, retired: false };
  };
  let current = await opened();
  const hashNow = (): string => current.live.bundle.manifest.hash;
  let told = hashNow();
  const journal: Journal | undefined =
    path === undefined ? undefined : await openJournal(path, current.live.bundle.manifest);
  const closed = async (one: InUse): Promise<void> => {
    // A connection that broke cannot be closed either.
    if (one.retired && one.uses === 0) await one.live.bundle.close().catch(() => undefined);
  };
  const used = async <T>(work: (live: LiveBundle) => Promise<T>): Promise<T> => {
    const mine = current;
    mine.uses++;
    try {
      return await work(mine.live);
    } finally {
      mine.uses--;
      await closed(mine);
    }
  };
  // Events and a change of bundles exclude each other: none may be lost between the two.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };
  const change = async (): Promise<void> => {
    const next = await opened();
    for (const events of current.live.events()) await next.live.adapt(events);
    const before = current;
    current = next;
    before.retired = true;
    await closed(before);
    progress({ kind: 'note', text: `serves bundle ${hashNow().slice(0, 12)}` });
  };
  /** Does `work` once more with the bundle opened anew where its rows are gone, from the store or the folder, or the connection broke. */
  const again = async <T>(work: () => Promise<T>): Promise<T> => {
    const before = current;
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UserError) || !LOST.has(error.code)) throw error;
      await inTurn(async () => {
        // Of many requests that failed at once the first one does it.
        if (current === before) await change();
      });
      return work();
    }
  };
  return {
    use: (work) => again(() => used(work)),
    // What came before is in the journal already: it must not count twice.
    adapt: (events) => again(() => inTurn(() => used((live) => live.adapt(events, journal?.add)))),
    reload: async () => {
      if ((await servedHash(request)) !== hashNow()) await inTurn(change);
      if (hashNow() === told) return undefined;
      told = hashNow();
      return told;
    },
    close: async () => {
      await turn;
      current.retired = true;
      await closed(current);
      await journal?.close();
    },
  };
}

/** Faults of a store or folder that opening it anew may mend. */
const LOST = new Set(['STORE_VERSION_GONE', 'STORE_UNREACHABLE', 'BUNDLE_REPLACED']);

/** Loads graphs and tables before the first request waits for them, and before a newer bundle takes the place of theirs. */
async function warm(bundle: Bundle): Promise<void> {
  await bundle.score();
  for (const side of ['entity', 'item'] as const) await bundle.store.features(side, ['']);
  if (bundle.manifest.adapt !== null) {
    await bundle.adapt();
    await bundle.store.vectors(['']);
    for await (const _rows of bundle.store.support({ ids: [''] })) break;
  }
  await bundle.requireUnchanged();
}
