// Training episodes: how an entity's history is cut into support and query.
import type { Episode } from '../engine/tiles/episode.js';
import type { EpisodeOptions, MetaPart } from '../models/contract/definition.js';
import type { RandomStream } from '../random.js';
import {
  before,
  type History,
  lastN,
  type Support,
  type SupportStep,
  supportPolicy,
} from '../scoring/support.js';

/** How episodes are sampled, and the most support rows that the adapted part takes. */
export interface DrawOptions extends EpisodeOptions, Pick<MetaPart, 'maxSupport'> {
  /** What is done to a drawn support: nothing, or the placebo. */
  readonly placebo: readonly SupportStep[];
}

/**
 * Draws one episode from an entity's training rows.
 *
 * `time`: a cut is drawn uniformly, the support is the last rows before it and the query the first rows after it; rows
 * of one timestamp stay on one side, so the support is strictly earlier. `random`: both are disjoint random draws, the
 * support's share of the history uniform between a fifth and four fifths. Some episodes have no support at all, so
 * that the global block learns what to make of the prior.
 */
export function drawEpisode(history: History, options: DrawOptions, stream: RandomStream): Episode {
  const most = stream.uniform() < options.emptyShare ? 0 : options.maxSupport;
  return options.order === 'time'
    ? drawInTime(history, most, options, stream)
    : drawAtRandom(history, most, options, stream);
}

function drawInTime(
  history: History,
  most: number,
  { maxQuery, placebo }: DrawOptions,
  stream: RandomStream,
): Episode {
  const { rows, shard } = history;
  let cut = stream.integer(rows.length);
  while (cut > 0 && shard.timestampMs[rows[cut]!] === shard.timestampMs[rows[cut - 1]!]) cut--;
  const policy = supportPolicy(before(), lastN(most), ...placebo);
  return episodeOf(history, policy(history, shard.timestampMs[rows[cut]!]!), rows.slice(cut, cut + maxQuery));
}

function drawAtRandom(
  history: History,
  most: number,
  { maxQuery, placebo }: DrawOptions,
  stream: RandomStream,
): Episode {
  const { rows } = history;
  const drawn = stream.shuffle(rows.slice());
  const share = 0.2 + 0.6 * stream.uniform();
  const support = Math.min(most, Math.floor(share * rows.length));
  const query = drawn.slice(support, support + Math.min(maxQuery, rows.length - support)).sort();
  const known = drawn.slice(0, support).sort();
  // Not before the query rows, by intention: no policy could give these.
  const given = placebo.reduce<Support>((so, step) => step(so, history, Infinity), { known, rows: known });
  return episodeOf(history, given, query);
}

function episodeOf({ entity }: History, { rows: support, labels }: Support, query: Int32Array): Episode {
  return { entity, support, query, ...(labels === undefined ? {} : { supportLabel: labels }) };
}
