// When an entity is adapted, and which of its scored rows that is for.
import type { Episode } from '../engine/tiles/episode.js';
import type { EventShard } from '../prepared/dataset.js';
import { entityHistory, entityRows } from './learning-rows.js';
import type { History, Instant, SupportPolicy } from './support.js';

/** Rows that are scored with what was known at one instant. */
export interface Window {
  readonly at: Instant;
  /** In time order. */
  readonly query: Int32Array;
}

/** Divides an entity's scored rows, at least one and in time order, over windows, all of them in their order. */
export type Windows = (query: Int32Array, history: History) => readonly Window[];

/** One for all of the rows, adapted when the first of them comes. */
const atFirstRow: Windows = (query, { shard }) => [{ at: shard.timestampMs[query[0]!]!, query }];

export interface ScoredEpisode extends Episode {
  /** Support rows that were known, before any cap. */
  readonly known: Int32Array;
}

/** The rows with split code `target` as episodes, entity by entity in time order. Throws what the policy throws. */
export function scoredEpisodes(
  shard: EventShard,
  target: number,
  policy: SupportPolicy,
  windows: Windows = atFirstRow,
): readonly ScoredEpisode[] {
  const episodes: ScoredEpisode[] = [];
  for (let place = 0; place < shard.entities.length; place++) {
    const rows = entityRows(shard, place, [target]);
    if (rows.length === 0) continue;
    const history = entityHistory(shard, place);
    for (const { at, query } of windows(rows, history)) {
      const { rows: support, known, labels } = policy(history, at);
      episodes.push({
        entity: history.entity,
        support,
        query,
        known,
        ...(labels === undefined ? {} : { supportLabel: labels }),
      });
    }
  }
  return episodes;
}
