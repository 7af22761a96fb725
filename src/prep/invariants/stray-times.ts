// Times of 0 among times of our day: by the clock they are the first events of all, and mean most likely that there is no time.
import type { Database } from '../../database/database.js';
import type { Progress } from '../../progress.js';

/** The first two days of 1970, in every zone, and the first year that logs of clicks are from. */
const FIRST_DAYS_MS = 2 * 86_400_000;
const CLICKS_MS = Date.UTC(1995, 0, 1);
/** More than this share may be meant. */
const FEW = 0.1;

/** Warns where few of `events` are of the first days of 1970 and nearly all others of 1995 or later. */
export async function warnOfStrayTimes(database: Database, progress: Progress): Promise<void> {
  const {
    rows = 0,
    stray = 0,
    later = 0,
  } = await database.numbers(
    `SELECT count(*) AS rows, count(*) FILTER (abs(ts) <= ${FIRST_DAYS_MS}) AS stray,
        count(*) FILTER (ts >= ${CLICKS_MS}) AS later FROM events`,
  );
  if (stray === 0 || stray > FEW * rows || later < (1 - FEW) * rows) return;
  progress({
    kind: 'warning',
    code: 'STRAY_TIMES',
    text: `${stray} of ${rows} events are of the first days of 1970: a time of 0 that stands for none comes before all others. Leave such rows out with "where" on the column of the time.`,
  });
}
