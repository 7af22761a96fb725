// Cuts the log by the kind of split that the descriptor asks for.
import type { Database } from '../../database/database.js';
import type { ResolvedDescriptor } from '../descriptor/resolve.js';
import { holdOutEntities } from './entity-holdout.js';
import { cutByTime } from './global-time.js';
import type { ShardRange } from './index-events.js';
import { addNegatives } from './negatives.js';
import { cutEachHistory } from './per-entity-time.js';
import { PURGED, type SplitPlan, splitRelation } from './split-plan.js';

export interface CutEvents {
  readonly plan: SplitPlan;
  /** Whether `events` has a column `copy` that tells rows of one source row apart. */
  readonly copies: boolean;
  /** Whether copies above 0 are sampled negatives: rows to learn from, but nothing that ever happened. */
  readonly sampled: boolean;
  readonly dropped: Readonly<Record<string, number>>;
}

/** Plans the split of `events` and adds negatives where the log holds none. Throws `UserError` where the log cannot be cut so. */
export async function cutEvents(
  database: Database,
  descriptor: ResolvedDescriptor,
  shards: readonly ShardRange[],
  workDirectory: string,
): Promise<CutEvents> {
  const plan = await planSplit(database, descriptor, shards);
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

async function planSplit(
  database: Database,
  descriptor: ResolvedDescriptor,
  shards: readonly ShardRange[],
): Promise<SplitPlan> {
  const { split } = descriptor;
  switch (split.kind) {
    case 'global-time':
      return cutByTime(database, split);
    case 'per-entity-time':
      return cutEachHistory(database, split, shards);
    case 'entity-holdout':
      return holdOutEntities(database, split);
    case 'given':
      return { code: 'given', perEntity: false, notes: {} };
  }
}
