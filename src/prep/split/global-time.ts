// Cuts by the clock, the same for everyone.

import type { Database } from '../../database/database.js';
import { UserError } from '../../errors.js';
import type { SplitDescriptor } from '../descriptor/split.js';
import { byInstants, type SplitPlan } from './split-plan.js';

/** Buckets a time range is halved into at each look. */
const BUCKETS = 4096;

/** Cuts at the stated instants, or so that `test` and `valid` hold their fractions of the rows; equal times stay together. */
export async function cutByTime(database: Database, split: SplitDescriptor): Promise<SplitPlan> {
  const { rows = 0 } = await database.numbers('SELECT count(*) AS rows FROM events');
  const testFrom = split.testFrom ?? (await boundary(database, Math.round(rows * (1 - split.test))));
  const validFrom =
    split.validFrom ?? (await boundary(database, Math.round(rows * (1 - split.test - split.valid))));
  if (split.validFrom === undefined && (validFrom >= testFrom || Number.isNaN(validFrom)))
    throw new UserError({
      code: 'SPLIT_NO_BOUNDARY',
      where: 'split.kind: global-time',
      what: 'The times are so coarse that no boundaries lie between training, validation and test rows.',
      next: 'State validFrom and testFrom, or use per-entity-time or entity-holdout.',
    });
  return {
    code: byInstants(String(validFrom), String(testFrom), split.purgeMinutes * 60_000),
    perEntity: false,
    notes: {},
  };
}

/** The time whose rows begin nearest to the `target`-th row in time order; NaN where everything happens at once. */
async function boundary(database: Database, target: number): Promise<number> {
  let before = 0;
  let { low = Number.NaN, high = Number.NaN } = await database.numbers(
    'SELECT min(ts) AS low, max(ts) AS high FROM events',
  );
  for (let width = Math.ceil((high - low + 1) / BUCKETS); ; width = Math.ceil(width / BUCKETS)) {
    const buckets = await database.rows(
      `SELECT (ts - ${low}) // ${width} AS bucket, count(*) AS n FROM events WHERE ts BETWEEN ${low} AND ${high}
        GROUP BY bucket ORDER BY bucket`,
    );
    for (const { bucket, n } of buckets) {
      if (before + Number(n) <= target && bucket !== buckets.at(-1)?.['bucket']) {
        before += Number(n);
        continue;
      }
      low += Number(bucket) * width;
      high = low + width - 1;
      if (width === 1) return nearest(database, low, before, Number(n), target);
      break;
    }
  }
}

async function nearest(
  database: Database,
  at: number,
  before: number,
  n: number,
  target: number,
): Promise<number> {
  if (before > 0 && target - before <= before + n - target) return at;
  const { next = Number.NaN } = await database.numbers(`SELECT min(ts) AS next FROM events WHERE ts > ${at}`);
  return Number.isNaN(next) && before > 0 ? at : next;
}
