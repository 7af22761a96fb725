// Splits the log by the kind of split that the descriptor asks for.
import type { Database } from '../../database/database.js';
import type { ResolvedDescriptor } from '../descriptor/resolve.js';
import { splitKind } from '../descriptor/split.js';
import type { ShardRange } from '../split-kinds/shard-range.js';
import { PURGED, type SplitPlan, splitRelation } from '../split-kinds/split-plan.js';
import { addNegatives } from './negatives.js';

export interface SplitLog {
  readonly plan: SplitPlan;
  /** Whether `events` has a column `copy` that tells rows of one source row apart. */
  readonly copies: boolean;
  /** Whether copies above 0 are sampled negatives: rows to learn from, but nothing that ever happened. */
  readonly sampled: boolean;
  readonly dropped: Readonly<Record<string, number>>;
}

/** Plans the split of `events` and adds negatives where the log holds none. Throws `UserError` where the log cannot be split so. */
export async function splitEvents(
  database: Database,
  descriptor: ResolvedDescriptor,
  shards: readonly ShardRange[],
  workDirectory: string,
): Promise<SplitLog> {
  const plan = await splitKind(descriptor.split).plan(database, descriptor.split, shards);
  const dropped: Record<string, number> = {};
  if (descriptor.split.purgeMinutes > 0) {
    const { purged = 0 } = await database.numbers(
      `SELECT count(*) AS purged FROM ${splitRelation(plan)} WHERE split = ${PURGED}`,
    );
    dropped['rows in the purge gap'] = purged;
  }
  const { label } = descriptor.columns;
  if (label.kind !== 'implicit') return { plan, copies: label.kind === 'counts', sampled: false, dropped };
  const short = await addNegatives(database, label.negatives, plan, shards, workDirectory);
  const notes = { ...plan.notes, 'negatives that could not be found': short };
  return { plan: { ...plan, notes }, copies: true, sampled: true, dropped };
}
