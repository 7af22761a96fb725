// The bundle that serves at the moment, and its change for a newer one while requests go on.
import type { Bundle } from '../../bundle/open.js';
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
    await warm(bundle);
    return { live: liveBundle(bundle, mostMembers), uses: 0, retired: false };
  };
  let current = await opened();
  const journal: Journal | undefined =
    path === undefined ? undefined : await openJournal(path, current.live.bundle.manifest);
  const closed = async (one: InUse): Promise<void> => {
    if (one.retired && one.uses === 0) await one.live.bundle.close();
  };
  const use = async <T>(work: (live: LiveBundle) => Promise<T>): Promise<T> => {
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
  const change = async (): Promise<string> => {
    const next = await opened();
    for (const events of current.live.events()) await next.live.adapt(events);
    const before = current;
    current = next;
    before.retired = true;
    await closed(before);
    const { hash } = next.live.bundle.manifest;
    progress({ kind: 'note', text: `serves bundle ${hash.slice(0, 12)}` });
    return hash;
  };
  return {
    use,
    // What came before is in the journal already: it must not count twice.
    adapt: (events) => inTurn(() => use((live) => live.adapt(events, journal?.add))),
    reload: async () => {
      if ((await servedHash(request)) === current.live.bundle.manifest.hash) return undefined;
      return inTurn(change);
    },
    close: async () => {
      await turn;
      current.retired = true;
      await closed(current);
      await journal?.close();
    },
  };
}

/** Loads graphs and vectors before the first request waits for them. */
async function warm(bundle: Bundle): Promise<void> {
  await bundle.score();
  if (bundle.manifest.adapt === null) return;
  await bundle.adapt();
  await bundle.store.vectors(['']);
  for await (const _rows of bundle.store.support({ ids: [''] })) break;
}
