// How often training episodes have no support, and short ones: as the validation rows are scored, or as the recipe says.
import type { EpisodeOptions } from '../models/contract/definition.js';
import type { PreparedDataset } from '../prepared/dataset.js';
import { SPLIT } from '../prepared/format.js';
import type { Progress } from '../progress.js';
import { SELECT_ROLES } from '../scoring/learning-rows.js';
import type { Replay } from '../scoring/replay.js';
import { servedSupportSizes } from '../scoring/served-sizes.js';

/** Longest support that counts as short. */
const SHORT = 5;
/** Least and most share of episodes without support: new members are served, whoever the validation rows are of. */
const [LEAST_EMPTY, MOST_EMPTY] = [0.05, 0.95];
/** Distance of a set share from the counted one that a warning is worth. */
const FAR = 0.1;

/** Which supports episodes get. */
export interface SupportShares {
  /** Share of the episodes with exactly n support rows, at place n. */
  readonly sizes: readonly number[];
  /** Fewest support rows of the other episodes, where their entity has so many and one more. */
  readonly atLeast: number;
}

/** What was counted on the validation rows, and what training makes of it; kept with the run. */
export interface SupportRecord {
  readonly counted: {
    /** Validation rows. */
    readonly rows: number;
    /** Share of those scored with exactly n support rows, at place n, up to 5. */
    readonly sizes: readonly number[];
  };
  readonly used: SupportShares;
}

/**
 * Counts the validation rows by the support that `replay` serves them with and says so; warns with EPISODES_NOT_AS_SERVED where the
 * recipe sets a share of empty supports that is far from the counted one. Throws LEAK_SUPPORT_NOT_BEFORE_QUERY.
 */
export async function supportShares(
  dataset: PreparedDataset,
  { emptyShare }: Pick<EpisodeOptions, 'emptyShare'>,
  replay: Replay,
  progress: Progress,
): Promise<SupportRecord> {
  const counts = new Array<number>(SHORT + 1).fill(0);
  const served = await servedSupportSizes(dataset, SPLIT.valid, SELECT_ROLES, replay);
  for (const size of served) if (size <= SHORT) counts[size]!++;
  const rows = served.length;
  const sizes = counts.map((count) => count / rows);
  const [none = 0, ...short] = sizes;
  const found = `${percent(none)} of the ${rows} validation rows are scored without support, ${percent(sumOf(short))} with 1 to ${SHORT} rows of it`;
  if (emptyShare === 'as-served') {
    const used = asServed(sizes);
    progress({
      kind: 'note',
      text: `${found}: ${percent(used.sizes[0]!)} of the training episodes have none, ${percent(sumOf(used.sizes.slice(1)))} have 1 to ${SHORT}`,
    });
    return { counted: { rows, sizes }, used };
  }
  if (Math.abs(emptyShare - none) > FAR)
    progress({
      kind: 'warning',
      code: 'EPISODES_NOT_AS_SERVED',
      text: `episodes.emptyShare is ${emptyShare}, but ${found}. Leave it out (as-served) unless validation says otherwise.`,
    });
  else progress({ kind: 'note', text: `${found}: episodes.emptyShare is ${emptyShare}` });
  return { counted: { rows, sizes }, used: { sizes: [emptyShare], atLeast: 0 } };
}

/** The counted shares, that of empty supports within its bounds and the others in proportion. */
export function asServed(counted: readonly number[]): SupportShares {
  const [none = 0, ...short] = counted;
  const empty = Math.min(MOST_EMPTY, Math.max(LEAST_EMPTY, none));
  const scale = none < 1 ? (1 - empty) / (1 - none) : 0;
  return { sizes: [empty, ...short.map((share) => share * scale)], atLeast: counted.length };
}

const sumOf = (shares: readonly number[]): number => shares.reduce((total, share) => total + share, 0);

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
