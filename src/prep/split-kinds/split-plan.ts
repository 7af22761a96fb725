// How a row's split is told: one SQL expression over the events, and the boundaries it rests on.
import { SPLIT } from '../../prepared/format.js';

/** Code of rows in a purge gap: they are dropped, and never stored. */
export const PURGED = 9;

export interface SplitPlan {
  /** SQL for the split code of a row of `events` (joined with `boundaries` where the plan has them). */
  readonly code: string;
  /** Whether a table `boundaries(entity, …)` takes part. */
  readonly perEntity: boolean;
  /** Facts for the report: boundaries moved, entities held out. */
  readonly notes: Readonly<Record<string, number>>;
}

/** Split by two instants; either may be NULL for "no such rows". `purgeMs` before each is dropped. */
export function byInstants(validFrom: string, testFrom: string, purgeMs: number): string {
  const purge = (from: string): string =>
    purgeMs > 0 ? `WHEN ts >= ${from} - ${purgeMs} THEN ${PURGED}` : '';
  return `CASE WHEN ts >= ${testFrom} THEN ${SPLIT.test} ${purge(testFrom)} WHEN ts >= ${validFrom} THEN ${SPLIT.valid} ${purge(validFrom)} ELSE ${SPLIT.train} END`;
}

/** Relation that adds `split` to `events`; rows in a purge gap are left out. */
export function splitRelation(plan: SplitPlan, source = 'events'): string {
  const from = plan.perEntity ? `${source} LEFT JOIN boundaries USING (entity)` : source;
  const added = plan.perEntity ? ' EXCLUDE (valid_from, test_from, role)' : '';
  return `(SELECT *${added}, CAST(${plan.code} AS UTINYINT) AS split FROM ${from})`;
}
