// Scoring as it is served: the log goes by, and vectors are adapted anew on what has come in, scored rows too.
import { SPLIT } from '../prepared/format.js';
import type { RowRoles } from './learning-rows.js';
import {
  arrived,
  before,
  beforeOfSplits,
  ofSplits,
  type SupportSource,
  type SupportStep,
} from './support.js';
import { atFirstRow, type Windows } from './windows.js';

/** When what is known of an entity is renewed while its scored rows go by. */
export interface Replay {
  /** Milliseconds between two refreshes, at multiples of it since 1970; `event`: each instant of a row is one. */
  readonly refresh: 'none' | 'event' | number;
  /** How old, in milliseconds, an event must be to have reached whoever adapts the vectors. */
  readonly delayMs: number;
  /** Milliseconds between two trainings of the model, which end a window too; undefined: one model all along. */
  readonly retrainMs?: number | undefined;
}

/** One vector an entity, adapted when its first scored row comes on rows of other splits. */
export const FROZEN: Replay = { refresh: 'none', delayMs: 0 };

/** Whether a vector, or the model, is renewed between two scored rows of an entity. */
const isRenewed = ({ refresh, retrainMs }: Replay): boolean => refresh !== 'none' || retrainMs !== undefined;

/**
 * An entity's first window begins with its first scored row, the others with a refresh (or a training): at multiples of the period
 * since 1970, in UTC. So a refresh adds events to what the frozen vector was adapted on, and takes none away. Rows of one instant
 * share a window.
 */
export function replayWindows(replay: Replay): Windows {
  if (!isRenewed(replay)) return atFirstRow;
  const { refresh, retrainMs } = replay;
  const periods = [
    ...(typeof refresh === 'number' ? [refresh] : []),
    ...(retrainMs === undefined ? [] : [retrainMs]),
  ];
  const renewed = (time: number): number =>
    refresh === 'event' ? time : Math.max(...periods.map((period) => Math.floor(time / period) * period));
  return (query, { shard: { timestampMs } }) => {
    const first = timestampMs[query[0]!]!;
    const windows: { at: number; from: number }[] = [];
    query.forEach((row, i) => {
      const at = Math.max(first, renewed(timestampMs[row]!));
      if (at !== windows.at(-1)?.at) windows.push({ at, from: i });
    });
    return windows.map(({ at, from }, w) => ({
      at,
      query: query.subarray(from, windows[w + 1]?.from),
      training: retrainMs === undefined ? 0 : Math.floor(at / retrainMs),
    }));
  };
}

/**
 * Where the support of rows with split code `target` starts, and what narrows it. Frozen: the rows that `roles` names. Renewed:
 * every row strictly before the window's start less the delay, those of the target among them; while validation rows are
 * scored no test row, of which nothing may be known by then.
 */
export function knownUnder(
  { support }: RowRoles,
  target: number,
  replay: Replay,
): readonly [SupportSource, ...SupportStep[]] {
  const { delayMs } = replay;
  if (!isRenewed(replay)) return [ofSplits(support), ...(delayMs > 0 ? [arrived(delayMs)] : [])];
  if (target === SPLIT.test) return [before(delayMs)];
  return [
    beforeOfSplits(
      Object.values(SPLIT).filter((code) => code !== SPLIT.test),
      delayMs,
    ),
  ];
}
