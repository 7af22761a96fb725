// Training episodes: how an entity's history is cut into support and query.
import type { Episode } from '../engine/tiles/episode.js';
import type { EpisodeOptions, MetaPart } from '../models/definition.js';
import type { RandomStream } from '../random.js';

/** How episodes are sampled, and the most support rows that the adapted part takes. */
export type DrawOptions = EpisodeOptions & Pick<MetaPart, 'maxSupport'>;

/**
 * Draws one episode from an entity's training rows (in time order).
 *
 * `time`: a cut is drawn uniformly, the support is the last rows before it and the query the first rows after it; rows
 * of one timestamp stay on one side, so the support is strictly earlier. `random`: both are disjoint random draws, the
 * support's share of the history uniform between a fifth and four fifths. Some episodes have no support at all, so
 * that the global block learns what to make of the prior.
 */
export function drawEpisode(
  entity: number,
  rows: Int32Array,
  timestampMs: Float64Array,
  options: DrawOptions,
  stream: RandomStream,
): Episode {
  const empty = stream.uniform() < options.emptyShare;
  return options.order === 'time'
    ? drawInTime(entity, rows, timestampMs, options, stream, empty)
    : drawAtRandom(entity, rows, options, stream, empty);
}

function drawInTime(
  entity: number,
  rows: Int32Array,
  timestampMs: Float64Array,
  options: DrawOptions,
  stream: RandomStream,
  empty: boolean,
): Episode {
  let cut = stream.integer(rows.length);
  while (cut > 0 && timestampMs[rows[cut]!] === timestampMs[rows[cut - 1]!]) cut--;
  const from = empty ? cut : Math.max(0, cut - options.maxSupport);
  return {
    entity,
    support: rows.slice(from, cut),
    query: rows.slice(cut, cut + options.maxQuery),
  };
}

function drawAtRandom(
  entity: number,
  rows: Int32Array,
  options: DrawOptions,
  stream: RandomStream,
  empty: boolean,
): Episode {
  const drawn = stream.shuffle(rows.slice());
  const share = 0.2 + 0.6 * stream.uniform();
  const support = empty ? 0 : Math.min(options.maxSupport, Math.floor(share * rows.length));
  const query = Math.min(options.maxQuery, rows.length - support);
  return {
    entity,
    support: drawn.slice(0, support).sort(),
    query: drawn.slice(support, support + query).sort(),
  };
}
