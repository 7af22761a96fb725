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
import type { SupportShares } from './support-shares.js';

/** How episodes are sampled, and the most support rows that the adapted part takes. */
export interface DrawOptions
  extends Pick<EpisodeOptions, 'maxQuery' | 'order'>,
    Pick<MetaPart, 'maxSupport'> {
  /** Which supports are empty or short. */
  readonly supports: SupportShares;
  /** What is done to a drawn support: nothing, or the placebo. */
  readonly placebo: readonly SupportStep[];
}

/**
 * Draws one episode from an entity's training rows.
 *
 * `time`: a cut is drawn uniformly, the support is the last rows before it and the query the first rows after it; rows
 * of one timestamp stay on one side, so the support is strictly earlier. `random`: both are disjoint random draws, the
 * support's share of the history uniform between a fifth and four fifths. Some episodes have no support at all, or a short
 * one, as often as `supports` says, so that the global block learns what to make of the prior and of what is close to it.
 */
export function drawEpisode(history: History, options: DrawOptions, stream: RandomStream): Episode {
  const bounds = drawBounds(options, stream.uniform());
  return options.order === 'time'
    ? drawInTime(history, bounds, options, stream)
    : drawAtRandom(history, bounds, options, stream);
}

/** Support rows of an episode; the lower bound holds where the entity has so many and one more for the query. */
interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** The size whose share `drawn`, uniform in [0, 1), falls on; past all of them, whatever is longer. */
function drawBounds({ supports, maxSupport }: DrawOptions, drawn: number): Bounds {
  let below = 0;
  for (const [size, share] of supports.sizes.entries()) {
    below += share;
    if (drawn < below) return { least: size, most: Math.min(size, maxSupport) };
  }
  return { least: supports.atLeast, most: maxSupport };
}

function drawInTime(
  history: History,
  { least, most }: Bounds,
  { maxQuery, placebo }: DrawOptions,
  stream: RandomStream,
): Episode {
  const { rows, shard } = history;
  const first = rows.length > least ? least : 0;
  let cut = first + stream.integer(rows.length - first);
  while (cut > 0 && shard.timestampMs[rows[cut]!] === shard.timestampMs[rows[cut - 1]!]) cut--;
  const policy = supportPolicy(before(), lastN(most), ...placebo);
  return episodeOf(history, policy(history, shard.timestampMs[rows[cut]!]!), rows.slice(cut, cut + maxQuery));
}

function drawAtRandom(
  history: History,
  { least, most }: Bounds,
  { maxQuery, placebo }: DrawOptions,
  stream: RandomStream,
): Episode {
  const { rows } = history;
  const drawn = stream.shuffle(rows.slice());
  const share = 0.2 + 0.6 * stream.uniform();
  const first = rows.length > least ? least : 0;
  const support = Math.min(most, Math.max(first, Math.floor(share * rows.length)));
  const query = drawn.slice(support, support + Math.min(maxQuery, rows.length - support)).sort();
  const known = drawn.slice(0, support).sort();
  // Not before the query rows, by intention: no policy could give these.
  const given = placebo.reduce<Support>((so, step) => step(so, history, Infinity), { known, rows: known });
  return episodeOf(history, given, query);
}

function episodeOf({ entity }: History, { rows: support, labels }: Support, query: Int32Array): Episode {
  return { entity, support, query, ...(labels === undefined ? {} : { supportLabel: labels }) };
}
