// Splits by the clock, the same for everyone.

import { z } from 'zod';
import type { Database } from '../../database/database.js';
import { UserError } from '../../errors.js';
import { defineSplit } from './split-kind.js';
import { byInstants } from './split-plan.js';

/** Buckets a time range is halved into at each look. */
const BUCKETS = 4096;

/** ISO date or time, or milliseconds since 1970. */
const instant = z.union([
  z.number().int(),
  z
    .string()
    .refine((text) => !Number.isNaN(Date.parse(text)), { message: 'not an ISO date or time' })
    .transform((text) =>
      Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(text) || !text.includes('T') ? text : `${text}Z`),
    ),
]);

/**
 * Rows at or after `testFrom` are test, at or after `validFrom` validation; without them the boundaries lie so that `test` and `valid` are
 * fractions of the rows. Equal times stay together.
 */
export const globalTime = defineSplit({
  name: 'global-time',
  fields: { validFrom: instant.optional(), testFrom: instant.optional() },
  rules: [
    {
      message: 'validFrom and testFrom need each other',
      holds: ({ validFrom, testFrom }) => (validFrom === undefined) === (testFrom === undefined),
    },
    {
      message: 'validFrom must be before testFrom',
      holds: ({ validFrom, testFrom }) =>
        validFrom === undefined || testFrom === undefined || validFrom < testFrom,
    },
  ],
  plan: async (database, split) => {
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
  },
});

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
