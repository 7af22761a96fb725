// When an entity is adapted, and which of its scored rows that is for.
import type { Episode } from '../engine/tiles/episode.js';
import { CheckFailed } from '../errors.js';
import type { EventShard } from '../prepared/dataset.js';
import { entityHistory, entityRows } from './learning-rows.js';
import type { History, Instant, Support, SupportPolicy } from './support.js';

/** Rows that are scored with what was known at one instant. */
interface Window {
  readonly at: Instant;
  /** In time order. */
  readonly query: Int32Array;
  /** Which training the model is of that scores them, where it is trained again on the way; 0 unless it is given. */
  readonly training?: number;
}

/** Divides an entity's scored rows, at least one and in time order, over windows, all of them in their order. */
export type Windows = (query: Int32Array, history: History) => readonly Window[];

/** One for all of the rows, adapted when the first of them comes. */
export const atFirstRow: Windows = (query, { shard }) => [{ at: shard.timestampMs[query[0]!]!, query }];

export interface ScoredEpisode extends Episode {
  /** Support rows that were known, before any cap. */
  readonly known: Int32Array;
  /** [query] when the window of each row began. */
  readonly since: Float64Array;
  readonly training: number;
}

/**
 * The rows with split code `target` as episodes, an entity's at a time, in time order. Windows of an entity between which nothing
 * became known have one support, and so one vector: they are one episode. Throws what the policy throws, and
 * LEAK_SUPPORT_NOT_BEFORE_QUERY for a window that begins after a row of its own.
 */
export function* entityEpisodes(
  shard: EventShard,
  target: number,
  policy: SupportPolicy,
  windows: Windows = atFirstRow,
): Generator<readonly ScoredEpisode[]> {
  for (let place = 0; place < shard.entities.length; place++) {
    const rows = entityRows(shard, place, [target]);
    if (rows.length === 0) continue;
    const history = entityHistory(shard, place);
    const episodes: OpenEpisode[] = [];
    for (const window of windows(rows, history)) {
      checkBegun(window, history);
      const support = policy(history, window.at);
      const last = episodes.at(-1);
      if (last !== undefined && isOne(last, support, window)) last.windows.push(window);
      else episodes.push({ support, windows: [window] });
    }
    yield episodes.map((episode) => closed(history.entity, episode));
  }
}

/** The same, all entities one after the other. */
export function* scoredEpisodes(...of: Parameters<typeof entityEpisodes>): Generator<ScoredEpisode> {
  for (const episodes of entityEpisodes(...of)) yield* episodes;
}

interface OpenEpisode {
  readonly support: Support;
  readonly windows: Window[];
}

/** What is known only grows, so supports of one size are the same. */
const isOne = ({ support, windows }: OpenEpisode, next: Support, { training }: Window): boolean =>
  support.known.length === next.known.length && windows[0]!.training === training;

function closed(entity: number, { support: { rows, known, labels }, windows }: OpenEpisode): ScoredEpisode {
  const [{ query, training = 0 }] = windows as [Window];
  return {
    entity,
    support: rows,
    query: windows.length === 1 ? query : Int32Array.from(windows.flatMap((of) => [...of.query])),
    known,
    since: Float64Array.from(
      windows.flatMap(({ at, query: { length } }) => new Array<number>(length).fill(at)),
    ),
    training,
    ...(labels === undefined ? {} : { supportLabel: labels }),
  };
}

/** What a window may know is what came before it, so none of its rows may. */
function checkBegun({ at, query }: Window, { entity, shard }: History): void {
  const first = shard.timestampMs[query[0]!]!;
  if (first >= at) return;
  throw new CheckFailed({
    code: 'LEAK_SUPPORT_NOT_BEFORE_QUERY',
    where: `entity index ${entity}`,
    what: `A window begins at ${new Date(at).toISOString()}, after a row of its own at ${new Date(first).toISOString()}.`,
    next: 'A window must begin at its first row or before it.',
  });
}
